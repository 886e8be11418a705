import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeAcmePlugin } from '../support/acme-plugin.js';
import { installPacked, linkPackages } from '../support/installed-slipway.js';
import { Workspace } from '../support/workspace.js';

describe('What is published', function () {
  this.timeout(120_000);
  let workspace: Workspace;
  const program = 'node_modules/@slipway/cli/bin/slipway.js';
  const slipway = (...args: readonly string[]) => workspace.run([program, ...args]);

  before(async () => {
    workspace = await Workspace.create();
    await installPacked(workspace.directory, ['packages/core', 'packages/cli', 'plugins/direct', 'plugins/kaniko']);
  });
  after(() => workspace.remove());

  it('needs no other package: it registers, describes, and builds', async () => {
    expect(await readdir(join(workspace.directory, 'node_modules'))).to.deep.equal(['@slipway']);
    await workspace.file('Dockerfile', 'FROM scratch\nCOPY Dockerfile /\n');
    const built = await slipway('build', '.', '-t', 'demo/hello:1');
    expect(built.exitCode, built.stderr).to.equal(0);
    expect(built.stdout).to.match(/demo\/hello:1@sha256:[0-9a-f]{64}\n$/);
    for (const [args, shown] of [
      [['image-builder', 'register', 'kb', '-f', 'kaniko', '--kubernetes_context=dev'], ''],
      [['container-registry', 'register', 'reg', '-f', 'default', '--uri=ghcr.io/acme'], ''],
      [['stack', 'register', 'prod', '-i', 'kb', '-c', 'reg', '--set'], ''],
      [['image-builder', 'describe', 'kb'], 'kubernetes_context'],
      [['flavor', 'describe', 'kaniko'], 'executor_image'],
      [['build', '.', '-t', 'demo/hello:1', '--dry-run'], 'batch/v1'],
    ] as const) {
      const { stdout, stderr, exitCode } = await slipway(...args);
      expect(exitCode, `${args.join(' ')}\n${stderr}`).to.equal(0);
      expect(stdout).to.include(shown);
    }
  });

  it('has the licences of what is bundled', async () => {
    const files = await readdir(join(workspace.directory, 'node_modules/@slipway/cli/dist/bundle'));
    expect(files).to.include('LICENSES.txt').and.not.to.include('inputs.json');
  });

  it('gets on with a plugin that has its own copies of core, inversify and zod', async () => {
    const folder = join(workspace.directory, 'acme');
    await writeAcmePlugin(folder);
    await installPacked(folder, ['packages/core']);
    const libraries = ['inversify', 'zod', 'reflect-metadata', 'env-paths', 'fastest-levenshtein', 'yaml'];
    await linkPackages(folder, libraries);
    const added = await slipway('plugin', 'add', './acme');
    expect(added.stderr).to.equal("Added the plugin 'acme-plugin' 1.2.3. Its flavors:\n  acme: image builder\n");

    const wrong = await slipway('image-builder', 'register', 'a', '-f', 'acme', '--whom=you');
    expect(wrong.stderr).to.include("Did you mean 'who'?").and.to.include('Code: UNKNOWN_ATTRIBUTE');
    const missing = await slipway('image-builder', 'register', 'a', '-f', 'acme');
    expect(missing.stderr).to.include("The flavor 'acme' needs 'who'.");
    const line = ['image-builder', 'register', 'a', '-f', 'acme', '--who=world', '--token=s3cret'];
    expect((await slipway(...line)).exitCode).to.equal(0);
    expect((await slipway('image-builder', 'describe', 'a')).stdout)
      .to.include('********')
      .and.not.to.include('s3cret');
    expect((await slipway('stack', 'register', 'acme', '-i', 'a')).stderr).to.include("'acme'");
    const built = await slipway('build', '.', '-t', 'demo/hello:1', '--stack=acme');
    expect(built.stderr).to.include('hello world');
    expect(built.stdout).to.match(/^demo\/hello:1@sha256:0{64}\n$/);
    const failed = await slipway('build', '.', '-t', 'demo/hello:1', '--stack=acme', '--target=broken');
    expect(failed.stderr).to.include('Error: The acme builder has failed.\nFix: Ask acme.\nCode: ACME_FAILED');

    await rm(folder, { recursive: true });
    const without = await slipway('stack', 'list');
    expect(without.stderr).to.include(`Warning: The plugin '${folder}' does not work`).and.to.include('no such file');
    expect(without).to.include({ exitCode: 0 });
    expect(without.stdout).to.include('prod');
  });
});
