import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSlipway, findPlugins, pluginManifest, type Plugin, type PluginSource } from '../../src/index.js';
import { failure } from '../support/failures.js';
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
    const { plugins, problems } = await findPlugins([source]);
    expect(plugins).to.deep.equal([]);
    expect(problems.map(({ packageName }) => packageName)).to.deep.equal([source.packageName]);
    return problems[0]?.message ?? '';
  }

  it('loads a package by the module that its package.json names', async () => {
    const { plugins, problems } = await findPlugins([await install('fine', moduleOf('fine', ['one', 'two']))]);
    expect(problems).to.deep.equal([]);
    expect(plugins[0]?.flavors.map(({ name }) => name)).to.deep.equal(['one', 'two']);
  });

  it('finds a package from a folder, from a file in it, and from below, with a scope', async () => {
    const { packageName } = await install('@acme/fine', moduleOf('fine', ['one']));
    for (const from of [folder(), join(folder(), 'index.js'), join(folder(), 'deep', 'er', 'index.js')]) {
      const { plugins } = await findPlugins([{ packageName, from }]);
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
      'zod 4.2',
    ],
  ] as const) {
    it(`refuses a module with ${title}`, async () => {
      expect(await problemWith(await install('odd', module))).to.contain(part);
    });
  }

  it('does not wait for ever for a module', async () => {
    const source = await install('hangs', `await new Promise(() => {}); export default {};`);
    const { plugins, problems } = await findPlugins([source], { timeout: 50 });
    expect(plugins).to.deep.equal([]);
    expect(problems[0]?.message).to.equal('its module was not loaded within 0.05 seconds');
  });

  describe('of a package with a manifest of its flavors', () => {
    const loaded: string[] = [];
    Object.assign(globalThis, { slipwayTestLoaded: loaded });

    /** A package whose module notes that it was loaded. */
    async function described(name: string, version = '1.0.0'): Promise<PluginSource> {
      const module = `globalThis.slipwayTestLoaded.push('${name}'); ${moduleOf(name, ['one'])}`;
      const source = await install(name, module, {
        version,
        slipway: { apiVersion: 1, plugin: './plugin.js', flavors: './flavors.json' },
      });
      const { default: plugin } = (await import(
        `data:text/javascript,${encodeURIComponent(moduleOf(name, ['one']))}`
      )) as { default: Plugin };
      const path = join(folder(), 'node_modules', name);
      const manifest = pluginManifest(plugin, await readFile(join(path, 'plugin.js')));
      await writeFile(join(path, 'flavors.json'), JSON.stringify(manifest));
      return source;
    }

    beforeEach(() => {
      loaded.length = 0;
    });

    it('loads it when a flavor is used, not to list or describe it', async () => {
      const slipway = await createSlipway({ configDirectory: folder(), plugins: [await described('lazy')] });
      expect(slipway.flavors.get('image_builder', 'one').fields).to.deep.equal([]);
      expect(loaded).to.deep.equal([]);
      await slipway.components.register({ type: 'image_builder', flavor: 'one', name: 'kb', configuration: {} });
      expect(loaded).to.deep.equal(['lazy']);
    });

    it('loads it where the manifest is of another module or version, or broken', async () => {
      const changed = await described('changed');
      const path = join(folder(), 'node_modules', 'changed', 'plugin.js');
      await writeFile(path, (await readFile(path, 'utf8')).replace("name: 'one'", "name: 'two'"));
      const older = await described('older');
      const olderPackage = join(folder(), 'node_modules', 'older', 'package.json');
      await writeFile(olderPackage, (await readFile(olderPackage, 'utf8')).replace('1.0.0', '1.0.1'));
      const broken = await described('cut-off');
      await writeFile(join(folder(), 'node_modules', 'cut-off', 'flavors.json'), '{"format": 1');
      const { plugins, problems } = await findPlugins([changed, older, broken]);
      expect(problems).to.deep.equal([]);
      expect(loaded).to.have.members(['changed', 'older', 'cut-off']);
      expect(plugins[0]?.flavors.map(({ name }) => name)).to.deep.equal(['two']);
    });

    it('says which plugin is broken where it throws only when it is used', async () => {
      const source = await described('late');
      const directory = join(folder(), 'node_modules', 'late');
      await writeFile(join(directory, 'plugin.js'), `throw new Error('no libc');`);
      const content = JSON.parse(await readFile(join(directory, 'flavors.json'), 'utf8')) as object;
      const { module } = pluginManifest(
        { apiVersion: 1, name: 'late', version: '1.0.0', flavors: [] },
        await readFile(join(directory, 'plugin.js')),
      );
      await writeFile(join(directory, 'flavors.json'), JSON.stringify({ ...content, module }));
      const slipway = await createSlipway({ configDirectory: folder(), plugins: [source] });
      const error = await failure('PLUGIN_BROKEN', () =>
        slipway.components.register({ type: 'image_builder', flavor: 'one', name: 'kb', configuration: {} }),
      );
      expect(error.message).to.equal("The plugin 'late' could not be loaded.");
      expect(error.reason).to.equal('No libc.');
    });
  });

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
