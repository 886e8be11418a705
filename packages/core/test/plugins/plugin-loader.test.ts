import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSlipway, loadPlugins, type PluginSource } from '../../src/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const zod = import.meta.resolve('zod');

function moduleOf(name: string, flavors: readonly string[], apiVersion = 1): string {
  const listed = flavors.map(
    (
      flavor,
    ) => `{ type: 'image_builder', name: '${flavor}', description: 'A builder.', configSchema: z.strictObject({}),
      implementation: () => { throw new Error('is never loaded to list'); } }`,
  );
  return `import { z } from '${zod}';
    export default { apiVersion: ${apiVersion}, name: '${name}', version: '1.0.0', flavors: [${listed.join(', ')}] };`;
}

describe('The plugin loader', () => {
  const folder = temporaryFolder();

  async function install(packageName: string, module: string, manifest: object = {}): Promise<PluginSource> {
    const directory = join(folder(), 'node_modules', packageName);
    await mkdir(directory, { recursive: true });
    const slipway = { apiVersion: 1, plugin: './plugin.js' };
    const content = { name: packageName, type: 'module', exports: {}, slipway, ...manifest };
    await writeFile(join(directory, 'package.json'), JSON.stringify(content));
    await writeFile(join(directory, 'plugin.js'), module);
    return { packageName, from: folder() };
  }

  async function problemWith(source: PluginSource): Promise<string> {
    const { plugins, problems } = await loadPlugins([source]);
    expect(plugins).to.deep.equal([]);
    expect(problems.map(({ packageName }) => packageName)).to.deep.equal([source.packageName]);
    return problems[0]?.message ?? '';
  }

  it('loads a package by the module that its package.json names', async () => {
    const { plugins, problems } = await loadPlugins([await install('fine', moduleOf('fine', ['one', 'two']))]);
    expect(problems).to.deep.equal([]);
    expect(plugins[0]?.flavors.map(({ name }) => name)).to.deep.equal(['one', 'two']);
  });

  it('finds a package from a folder, from a file in it, and from below, with a scope', async () => {
    const { packageName } = await install('@acme/fine', moduleOf('fine', ['one']));
    for (const from of [folder(), join(folder(), 'index.js'), join(folder(), 'deep', 'er', 'index.js')]) {
      const { plugins } = await loadPlugins([{ packageName, from }]);
      expect(plugins, from).to.have.length(1);
    }
  });

  it('says of a missing package that it is not installed', async () => {
    expect(await problemWith({ packageName: 'missing', from: folder() })).to.equal('the package is not installed');
  });

  it('passes on what a module says that throws at import', async () => {
    expect(await problemWith(await install('throws', `throw new Error('no libc');`))).to.equal('no libc');
    expect(await problemWith(await install('throws-text', `throw 'no libc';`))).to.equal('no libc');
  });

  it('wants a slipway field', async () => {
    const source = await install('plain', moduleOf('plain', []), { slipway: undefined });
    expect(await problemWith(source)).to.contain('"slipway"');
  });

  it('does not import a module whose package.json speaks another version', async () => {
    const source = await install('newer', `throw new Error('was imported');`, {
      slipway: { apiVersion: 2, plugin: './plugin.js' },
    });
    expect(await problemWith(source))
      .to.contain('version 2')
      .and.to.contain('speaks 1');
  });

  it('refuses a module that speaks another version, whatever its shape', async () => {
    expect(await problemWith(await install('newer', moduleOf('newer', ['one'], 2)))).to.contain('version 2');
    expect(await problemWith(await install('stranger', 'export default { apiVersion: 2 };'))).to.contain('version 2');
  });

  for (const [title, module, part] of [
    ['no default export', 'export const plugin = {};', 'its default export is no plugin'],
    ['a default export that is no object', `export default 'plugin';`, 'its default export is no plugin'],
    ['flavors missing', `export default { apiVersion: 1, name: 'a', version: '1' };`, 'flavors'],
    ['a component type that is not known', moduleOf('a', ['one']).replace('image_builder', 'orchestrator'), 'type'],
    ['a schema that is no object', moduleOf('a', ['one']).replace('z.strictObject({})', 'z.string()'), 'object schema'],
    [
      'a schema of another library',
      moduleOf('a', ['one']).replace('z.strictObject({})', '{ safeParse() {} }'),
      'zod 4',
    ],
  ] as const) {
    it(`refuses a module with ${title}`, async () => {
      expect(await problemWith(await install('odd', module))).to.contain(part);
    });
  }

  it('keeps everything else working, and the first of two plugins with the same flavor', async () => {
    const plugins = [
      await install('first', moduleOf('first', ['shared', 'own'])),
      await install('broken', `throw new Error('no libc');`),
      { packageName: 'missing', from: folder() },
      await install('second', moduleOf('second', ['shared', 'other'])),
    ];
    const slipway = await createSlipway({ configDirectory: folder(), plugins });
    const builders = slipway.flavors.list('image_builder').map(({ flavor, plugin }) => `${plugin}/${flavor.name}`);
    expect(builders).to.deep.equal(['first/shared', 'first/own', 'second/other']);
    expect(slipway.flavors.find('container_registry', 'default')).not.to.equal(undefined);
    const problems = slipway.pluginProblems.map(({ packageName, message }) => `${packageName}: ${message}`);
    expect(problems).to.have.members([
      'broken: no libc',
      'missing: the package is not installed',
      "second: its image_builder flavor 'shared' is already there, from first, which is kept",
    ]);
    await slipway.components.register({ type: 'image_builder', flavor: 'other', name: 'kb', configuration: {} });
  });
});
