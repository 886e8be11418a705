import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { writeAcmePlugin } from '../support/acme-plugin.js';
import { linkPackages } from '../support/installed-slipway.js';
import { Workspace } from '../support/workspace.js';

interface Listed {
  readonly items: readonly { name: string; origin: string; flavors: string[]; problem: string | null }[];
}

describe('Commands of plugins', () => {
  let workspace: Workspace;
  const slipway = (...args: readonly string[]) => workspace.slipway(...args);
  const plugins = async () => (JSON.parse((await slipway('plugin', 'list', '-o', 'json')).stdout) as Listed).items;

  beforeEach(async () => {
    workspace = await Workspace.create();
    // Everything below the workspace resolves what a plugin imports here.
    await linkPackages(workspace.directory, ['@slipway/core', 'inversify', 'zod']);
    await writeAcmePlugin(join(workspace.directory, 'acme'));
  });
  afterEach(() => workspace.remove());

  it('list those that come with Slipway, also under the name that ZenML has for it', async () => {
    const direct = (await plugins()).find(({ name }) => name === '@slipway/plugin-direct');
    expect(direct).to.deep.include({ origin: 'slipway', flavors: ['image-builder/direct'], problem: null });
    expect((await slipway('integration', 'list')).stdout).to.equal((await slipway('plugin', 'list')).stdout);
  });

  it('add a folder by its path, and remove it', async () => {
    await workspace.setUp(['plugin', 'add', './acme']);
    expect((await plugins()).at(-1)).to.deep.include({ name: 'acme-plugin', origin: 'user' });
    expect((await slipway('image-builder', 'flavor', 'list')).stdout).to.include('acme');
    await workspace.setUp(['plugin', 'remove', './acme']);
    expect((await slipway('image-builder', 'flavor', 'list')).stdout).not.to.include('acme');
  });

  it('remove one that was added by its path by the name in the list as well', async () => {
    await workspace.setUp(['plugin', 'add', './acme']);
    const refused = await slipway('plugin', 'remove', 'acme-plugn');
    expect(refused.stderr).to.include('Code: UNKNOWN_PLUGIN');
    await workspace.setUp(['plugin', 'remove', 'acme-plugin']);
    expect((await plugins()).map(({ name }) => name)).not.to.include('acme-plugin');
  });

  it('install a package with npm, and uninstall it', async function () {
    this.timeout(60_000);
    const pack = promisify(execFile)('npm', ['pack', '--pack-destination', workspace.directory], {
      cwd: join(workspace.directory, 'acme'),
    });
    await pack;
    const { stderr, exitCode } = await slipway('integration', 'install', 'file:./acme-plugin-1.2.3.tgz', '-y');
    expect(stderr).to.include('npm could not install').and.to.include('Code: PLUGIN_INSTALL_FAILED');
    expect(exitCode).to.equal(1);
    const tarball = `file:${join(workspace.directory, 'acme-plugin-1.2.3.tgz')}`;
    await workspace.setUp(['integration', 'install', tarball, '-y']);
    expect((await plugins()).at(-1)).to.deep.include({ name: 'acme-plugin', origin: 'user', problem: null });
    await workspace.setUp(['integration', 'uninstall', 'acme-plugin']);
    expect((await plugins()).map(({ name }) => name)).not.to.include('acme-plugin');
    const declared = JSON.parse(await readFile(join(workspace.configDirectory, 'plugins', 'package.json'), 'utf8')) as {
      dependencies?: object;
      slipway: object;
    };
    expect(declared.dependencies ?? {}).to.deep.equal({});
    expect(declared.slipway).to.deep.equal({ plugins: [] });
  });

  it('say of one that comes with Slipway that nothing is to be done, and do not remove it', async () => {
    expect((await slipway('plugin', 'add', 'kaniko')).stderr).to.equal(
      'kaniko comes with Slipway; nothing is to be installed.\n',
    );
    const { stderr, exitCode } = await slipway('plugin', 'remove', 'kaniko');
    expect(stderr).to.include('It comes with Slipway.').and.to.include('Code: PLUGIN_NOT_YOURS');
    expect(exitCode).to.equal(2);
    expect((await slipway('plugin', 'add', 'kanico')).stderr).to.include("Did you mean 'kaniko'?");
    expect((await slipway('integration', 'install', 's3')).stderr).to.include('Code: UNKNOWN_INTEGRATION');
    expect((await slipway('plugin', 'remove', 'nothing')).stderr).to.include('Code: UNKNOWN_PLUGIN');
  });

  it('refuse to remove one that components use, by their names, unless forced', async () => {
    await workspace.setUp(
      ['plugin', 'add', './acme'],
      ['image-builder', 'register', 'mine', '-f', 'acme', '--who=world', '--token=s3cret'],
    );
    const refused = await slipway('plugin', 'remove', './acme');
    expect(refused.stderr).to.include("the image builder 'mine'").and.to.include('Code: PLUGIN_IN_USE');
    expect(refused.exitCode).to.equal(2);
    await workspace.setUp(['plugin', 'remove', './acme', '--force']);
    const left = await slipway('image-builder', 'describe', 'mine');
    expect(left.stdout).to.include('no plugin has it').and.not.to.include('s3cret');
  });

  it('show no secret that a flavor has within an attribute', async () => {
    const logins = (password: string) => `--logins=[{"user": "ci", "password": "${password}"}]`;
    await workspace.setUp(['plugin', 'add', './acme']);
    const outputs = [
      await slipway('image-builder', 'register', 'mine', '-f', 'acme', '--who=world', logins('s3cret')),
      await slipway('image-builder', 'update', 'mine', logins('oth3r')),
      await slipway('image-builder', 'describe', 'mine'),
      await slipway('image-builder', 'list', '-o', 'json', '--columns=configuration'),
      await slipway('image-builder', 'update', 'mine', logins('s3cret').replaceAll('"', "'")),
      await slipway('stack', 'update', '-i', 'mine'),
      await slipway('stack', 'export'),
      await slipway('build', '.', '-t', 'a', '--with', logins('s3cret').slice(2).replaceAll('"', "'")),
    ];
    const [registered, updated, described] = outputs;
    expect(registered?.stderr).to.include('The logins[0].password of the image builder').and.to.include(' && ');
    expect(updated?.stderr).to.include('"password":"********"');
    expect(described?.stdout).to.include('[{"user":"ci","password":"********"}]');
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.to.match(/s3cret|oth3r/);
    expect((await slipway('flavor', 'describe', 'acme')).stdout).to.include('Never shown: logins.*.password.');
  });

  it('take those that the project declares, from below its folder too', async () => {
    await workspace.file('package.json', JSON.stringify({ slipway: { plugins: ['./acme', 'not-installed'] } }));
    const { stdout, stderr, exitCode } = await slipway('image-builder', 'flavor', 'list');
    expect(stdout).to.include('acme');
    expect(stderr)
      .to.include("The plugin 'not-installed' does not work")
      .and.to.include('The package is not installed.');
    expect(exitCode).to.equal(0);
    const removal = await slipway('plugin', 'remove', './acme');
    expect(removal.stderr)
      .to.include('The project declares it')
      .and.to.include('slipway plugin remove ./acme --project');
  });

  describe('with --project', () => {
    const projectFile = async () =>
      JSON.parse(await readFile(join(workspace.directory, 'package.json'), 'utf8')) as object;
    it('declare a folder or module in its package.json, which keeps what it says otherwise, and take it out again', async () => {
      const content = '{\n\t"name": "app",\n\t"slipway": {\n\t\t"other": 1\n\t}\n}\n';
      await workspace.file('package.json', content);
      await workspace.file('src/deep/x', '');
      const added = await workspace.slipwayFrom('src/deep', 'plugin', 'add', '../../acme', '--project');
      expect(added.stderr).to.equal(
        `Added the plugin 'acme-plugin' 1.2.3 to ${join(workspace.directory, 'package.json')}. Its flavors:\n  acme: image builder\n`,
      );
      expect(await readFile(join(workspace.directory, 'package.json'), 'utf8')).to.equal(
        '{\n\t"name": "app",\n\t"slipway": {\n\t\t"other": 1,\n\t\t"plugins": [\n\t\t\t"./acme"\n\t\t]\n\t}\n}\n',
      );
      expect((await plugins()).at(-1)).to.deep.include({
        name: 'acme-plugin',
        origin: 'project',
        declared_in: join(workspace.directory, 'package.json'),
      });
      await workspace.setUp(['plugin', 'add', './acme/', '--project']);
      await workspace.setUp(['image-builder', 'register', 'mine', '-f', 'acme', '--who=world']);
      const used = await slipway('plugin', 'remove', 'acme-plugin', '--project');
      expect(used.stderr)
        .to.include('Code: PLUGIN_IN_USE')
        .and.to.match(/plugin remove \/.* --project --force/);
      await workspace.setUp(['image-builder', 'delete', 'mine'], ['plugin', 'remove', 'acme-plugin', '--project']);
      expect(await projectFile()).to.deep.equal({ name: 'app', slipway: { other: 1, plugins: [] } });
    });

    it('make a package.json where the project has none, and none outside of its repository', async () => {
      await workspace.file('package.json', '{}');
      await workspace.file('app/.git/HEAD', '');
      expect((await workspace.slipwayFrom('app', 'plugin', 'add', '../acme', '--project')).exitCode).to.equal(0);
      expect(await projectFile()).to.deep.equal({});
      const own = JSON.parse(await readFile(join(workspace.directory, 'app', 'package.json'), 'utf8')) as object;
      expect(own).to.deep.equal({ private: true, slipway: { plugins: ['../acme'] } });
    });

    it('declare a package that the project has installed, and say how to install one that it has not', async () => {
      await workspace.file('package.json', '{"private": true}');
      const missing = await slipway('plugin', 'add', '@acme/plugin@1', '--project');
      expect(missing.stderr)
        .to.include('The package is not installed.')
        .and.to.match(
          /npm install --prefix \S+ --save-dev @acme\/plugin@1 && slipway plugin add --project @acme\/plugin$/m,
        );
      expect(await projectFile()).to.deep.equal({ private: true });
      await writeAcmePlugin(join(workspace.directory, 'node_modules', '@acme', 'plugin'));
      await workspace.setUp(['plugin', 'add', '@acme/plugin@1', '--project']);
      expect(await projectFile()).to.deep.equal({ private: true, slipway: { plugins: ['@acme/plugin'] } });
      await workspace.setUp(['plugin', 'remove', '@acme/plugin', '--project']);
      expect(await projectFile()).to.deep.equal({ private: true, slipway: { plugins: [] } });
    });

    it('leave a package.json alone that is broken or may not be written, and say so', async () => {
      await workspace.file('package.json', '{"name": ');
      const broken = await slipway('plugin', 'add', './acme', '--project');
      expect(broken.stderr).to.include('It is not valid JSON.').and.to.include('Code: PACKAGE_JSON_UNWRITABLE');
      expect(broken.exitCode).to.equal(1);
      expect(await readFile(join(workspace.directory, 'package.json'), 'utf8')).to.equal('{"name": ');
      const mine = await slipway('plugin', 'remove', './acme', '--project');
      expect(mine.stderr).to.include("The project has not added a plugin './acme'.");
    });
  });

  for (const [title, module, reason] of [
    ['throws', `throw new Error('no libc');`, 'No libc.'],
    ['exports something else', `export default { flavors: 'all' };`, 'Its default export is no plugin'],
    ['speaks another version', `export default { apiVersion: 7 };`, 'It speaks version 7 of the plugin contract'],
    ['is no JavaScript', `const = ;`, 'Unexpected token'],
  ] as const) {
    it(`do not add a module that ${title}, and work on where one that is there does so later`, async () => {
      const path = join(workspace.directory, 'acme', 'plugin.js');
      const whole = await readFile(path);
      await writeFile(path, module);
      const refused = await slipway('plugin', 'add', './acme');
      expect(refused.stderr).to.include(reason).and.to.include('Code: PLUGIN_BROKEN');
      expect(refused.exitCode).to.equal(1);
      expect((await plugins()).map(({ origin }) => origin)).not.to.include('user');

      await writeFile(path, whole);
      await workspace.setUp(['plugin', 'add', './acme']);
      await writeFile(path, module);
      const { stdout, stderr, exitCode } = await slipway('flavor', 'list');
      expect(stderr)
        .to.include(`The plugin '${join(workspace.directory, 'acme')}' does not work`)
        .and.to.include(reason);
      expect(stdout).to.include('kaniko');
      expect(exitCode).to.equal(0);
    });
  }

  it('keep the first of two plugins with the same flavor, and name the other', async () => {
    const path = join(workspace.directory, 'acme', 'plugin.js');
    await writeFile(path, (await readFile(path, 'utf8')).replace("name: 'acme'", "name: 'kaniko'"));
    await workspace.setUp(['plugin', 'add', './acme']);
    const { stdout, stderr } = await slipway('flavor', 'list', '-o', 'json');
    expect(stderr).to.include('acme-plugin').and.to.include('from @slipway/plugin-kaniko, which is kept');
    expect(stdout.match(/"name": "kaniko"/g)).to.have.length(1);
  });

  describe('and of flavors', () => {
    beforeEach(async () => {
      await workspace.file(
        'my-store.js',
        `import { z } from 'zod';
         export const flavor = { type: 'artifact_store', name: 'mine', description: 'Is mine.',
           configSchema: z.strictObject({}), implementation: () => import('./nothing.js') };`,
      );
      await workspace.file('package.json', '{"type": "module"}');
    });

    it('register one from a module, and delete it', async () => {
      const { stderr } = await slipway('flavor', 'register', './my-store.js');
      expect(stderr).to.include('mine: artifact store');
      expect((await slipway('flavor', 'describe', 'mine')).stdout).to.include('Is mine.');
      await workspace.setUp(['artifact-store', 'register', 'm', '-f', 'mine']);
      expect((await slipway('flavor', 'delete', 'mine')).stderr).to.include("the artifact store 'm'");
      await workspace.setUp(['artifact-store', 'delete', 'm'], ['artifact-store', 'flavor', 'delete', 'mine']);
      expect((await slipway('flavor', 'describe', 'mine')).exitCode).to.equal(2);
    });

    it('refuse a module of another type, one that is not there, and to delete what a plugin brings', async () => {
      const wrong = await slipway('image-builder', 'flavor', 'register', './my-store.js');
      expect(wrong.stderr).to.include("artifact store 'mine'").and.to.include('Code: WRONG_FLAVOR_TYPE');
      expect((await slipway('flavor', 'list')).stdout).not.to.include('mine');
      expect((await slipway('flavor', 'register', './gone.js')).stderr).to.include('Code: UNREADABLE_FILE');
      expect((await slipway('flavor', 'delete', 'kaniko')).stderr).to.include('Code: FLAVOR_OF_PLUGIN');
    });
  });
});
