import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import * as nodeModule from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { linkPackages } from '../support/installed-slipway.js';
import { Workspace, slipwayProgram } from '../support/workspace.js';

const recordModules = new URL('../support/record-modules.js', import.meta.url).href;

describe('The program', () => {
  let workspace: Workspace;
  const slipway = (...args: readonly string[]) => workspace.slipway(...args);

  beforeEach(async () => {
    workspace = await Workspace.create();
  });
  afterEach(() => workspace.remove());

  it('prints its version', async () => {
    const { stdout, stderr, exitCode } = await slipway('--version');
    expect(stdout).to.match(/^\d+\.\d+\.\d+\n$/);
    expect({ stderr, exitCode }).to.deep.equal({ stderr: '', exitCode: 0 });
  });

  for (const args of [[], ['--help'], ['-h'], ['help']]) {
    it(`prints its commands on standard output: slipway ${args.join(' ')}`, async () => {
      const { stdout, stderr, exitCode } = await slipway(...args);
      expect(stdout).to.match(/^Usage: slipway COMMAND$/m);
      for (const noun of ['stack', 'image-builder', 'container-registry', 'artifact-store', 'flavor', 'build']) {
        expect(stdout).to.match(new RegExp(`^  ${noun} `, 'm'));
      }
      expect({ stderr, exitCode }).to.deep.equal({ stderr: '', exitCode: 0 });
    });
  }

  for (const args of [['stack'], ['stack', '--help'], ['help', 'stack']]) {
    it(`prints what a noun has: slipway ${args.join(' ')}`, async () => {
      const { stdout, exitCode } = await slipway(...args);
      expect(stdout)
        .to.match(/^Usage: slipway stack COMMAND$/m)
        .and.to.match(/^ {2}register /m);
      expect(exitCode).to.equal(0);
    });
  }

  it('prints how a command is called', async () => {
    const { stdout, stderr, exitCode } = await slipway('build', '--help');
    expect(stdout).to.match(/^Usage: slipway build \[CONTEXT\] \[OPTIONS\]$/m);
    expect(stdout).to.match(/^ {2}-t, --tag=TAG +\S/m);
    expect({ stderr, exitCode }).to.deep.equal({ stderr: '', exitCode: 0 });
  });

  it('prints the attributes of a flavor with the help of register', async () => {
    expect((await slipway('container-registry', 'register', '--help')).stdout).to.match(
      /slipway container-registry register \S+ --flavor=default --uri=ghcr\.io\/acme$/m,
    );
    expect((await slipway('container-registry', 'register', '--flavor=default', '-h')).stdout).to.match(
      /^ {2}--uri=ghcr\.io\/acme +.*Required\.$/m,
    );
  });

  for (const args of [
    ['--version'],
    ['--help'],
    ['stack', 'list'],
    ['stack', 'get'],
    ['flavor', 'list'],
    ['build', '--help'],
  ]) {
    it(`loads neither plugins nor libraries that it does not need for: slipway ${args.join(' ')}`, async () => {
      const loaded = await loadedBy(...args);
      expect(loaded).to.include('packages/cli/dist/src/main.js');
      expect(
        loaded.filter((path) =>
          /^plugins\/|node_modules\/(inversify|reflect-metadata|ws|zod|@kubernetes)\//.test(path),
        ),
      ).to.deep.equal([]);
    });
  }

  it('loads no container and no client of a cluster to register a component', async () => {
    const loaded = await loadedBy('image-builder', 'register', 'kb', '-f', 'kaniko', '--kubernetes_context=dev');
    expect(loaded).to.include('plugins/kaniko/dist/src/kaniko-flavor.js');
    expect(loaded).not.to.include('plugins/kaniko/dist/src/kaniko-image-builder.js');
    expect(
      loaded.filter((path) => /^plugins\/direct|node_modules\/(inversify|reflect-metadata|ws)\//.test(path)),
    ).to.deep.equal([]);
  });

  it('loads core once for the command and a plugin, and of zod the small form alone, for a build with direct', async () => {
    await workspace.file('Dockerfile', 'FROM scratch\nCOPY Dockerfile /\n');
    const loaded = await loadedBy('build', '.', '-t', 'demo/hello:1', '--dry-run');
    const shared = loaded.filter((path) => /^packages\/core\/|node_modules\/inversify\//.test(path));
    expect(shared).to.include('packages/core/dist/src/index.js');
    expect(shared.filter((path, at) => shared.indexOf(path) !== at)).to.deep.equal([]);
    expect(loaded.filter((path) => path.includes('zod/v4/classic'))).to.deep.equal([]);
  });

  /** What a command line loads: of bundled files, the files that are in them. */
  async function loadedBy(...args: readonly string[]): Promise<readonly string[]> {
    const record = join(workspace.directory, 'modules');
    const { exitCode } = await workspace.run(['--import', recordModules, slipwayProgram, ...args], {
      SLIPWAY_TEST_MODULES: record,
    });
    expect(exitCode).to.equal(0);
    const paths = (await readFile(record, 'utf8')).split('\n').filter((url) => url.startsWith('file:'));
    const inside = paths.map(async (url) => {
      const path = fileURLToPath(url);
      const inputs = JSON.parse(await readFile(join(dirname(path), 'inputs.json'), 'utf8').catch(() => '{}')) as Record<
        string,
        readonly string[]
      >;
      return inputs[basename(path)] ?? [path];
    });
    return (await Promise.all(inside)).flat();
  }

  it('fails where its output cannot be written', async function () {
    if (process.platform !== 'linux') this.skip();
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [slipwayProgram, 'flavor', 'list'], {
      env: { ...process.env, SLIPWAY_CONFIG_DIR: workspace.configDirectory },
      stdio: ['ignore', full, 'pipe'],
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    expect(await new Promise((resolve) => child.on('close', resolve))).to.equal(1);
    closeSync(full);
    expect(stderr).to.include('Code: OUTPUT_LOST');
  });

  it('takes it in silence where nobody reads its output', async () => {
    const child = spawn(process.execPath, [slipwayProgram, 'flavor', 'list', '-o', 'json'], {
      env: { ...process.env, SLIPWAY_CONFIG_DIR: workspace.configDirectory },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect({ stderr, exitCode }).to.deep.equal({ stderr: '', exitCode: 0 });
  });

  it('works without a plugin that does not load, and warns of it', async () => {
    const original = join(dirname(slipwayProgram), '..');
    const copy = join(workspace.directory, 'cli');
    await cp(join(original, 'bin'), join(copy, 'bin'), { recursive: true });
    await cp(join(original, 'dist', 'bundle'), join(copy, 'dist', 'bundle'), { recursive: true });
    await linkPackages(copy, ['@slipway/core']);
    const manifest = JSON.parse(await readFile(join(original, 'package.json'), 'utf8')) as object;
    const plugins = { slipway: { plugins: ['@slipway/plugin-nowhere'] } };
    await workspace.file('cli/package.json', JSON.stringify({ ...manifest, ...plugins }));
    const { stdout, stderr, exitCode } = await workspace.run(['cli/bin/slipway.js', 'flavor', 'list']);
    expect(stderr).to.equal(
      "Warning: The plugin '@slipway/plugin-nowhere' does not work, and flavors of it are missing.\nThe package is not installed.\nFix: slipway plugin list\n",
    );
    expect(stdout).to.include('default');
    expect(exitCode).to.equal(0);
    const asJson = await workspace.run(['cli/bin/slipway.js', 'flavor', 'list', '-o', 'json']);
    expect(JSON.parse(asJson.stderr)).to.have.nested.property('warning.message').that.includes('plugin-nowhere');
  });

  it('has what was compiled of it kept for its user alone, where Node can, and runs where nothing can be kept', async function () {
    if (!('enableCompileCache' in nodeModule) || process.platform !== 'linux') this.skip();
    expect((await slipway('stack', 'list')).exitCode).to.equal(0);
    const folder = join(workspace.directory, 'user-cache', 'slipway');
    expect((await stat(folder)).mode & 0o077).to.equal(0);
    expect(await readdir(join(folder, 'compiled'))).to.have.length(1);
    const without = await workspace.run([slipwayProgram, 'stack', 'list'], { XDG_CACHE_HOME: '/proc/nowhere' });
    expect(without).to.include({ exitCode: 0, stderr: '' });
  });

  it('says in one line that it is not built', async () => {
    await mkdir(join(workspace.directory, 'bin'));
    await workspace.file('package.json', '{"type": "module"}');
    await cp(slipwayProgram, join(workspace.directory, 'bin', 'slipway.js'));
    expect(await workspace.run(['bin/slipway.js', 'stack', 'list'])).to.deep.equal({
      stdout: '',
      stderr: 'slipway is not built yet; run: npm run build\n',
      exitCode: 1,
    });
  });

  it('says in one line that Node is too old', async () => {
    const pretend =
      "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.18.3'}})";
    expect(await workspace.run(['--import', pretend, slipwayProgram, 'stack', 'list'])).to.deep.equal({
      stdout: '',
      stderr: 'slipway needs Node 20.19 or newer; this is 20.18.3.\n',
      exitCode: 1,
    });
  });
});
