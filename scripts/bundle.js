// Writes what is published, from what `tsc -b` wrote: core in one bundle, the command and every plugin in ones of their own that load
// core's, and the manifest of each plugin's flavors. The licences of what is inside stand beside it.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { pluginManifest } from '@slipway/core';
import { plugins } from './plugins.js';

const root = join(import.meta.dirname, '..');

// CommonJS packages inside an ES module ask for Node's modules by `require`.
const banner =
  "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);";

// zod's entry carries its messages in fifty languages, of which one is used.
const oneLanguage = {
  name: 'one-language',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    })),
};

// Of a CommonJS package that is imported when it is needed, esbuild would keep the default export alone.
const namedExports = {
  name: 'named-exports',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:') || pluginData === 'inner') return undefined;
      const resolved = await resolve(path, { kind: 'import-statement', resolveDir, pluginData: 'inner' });
      return resolved.external ? resolved : { path: resolved.path, namespace: 'named-exports' };
    });
    onLoad({ filter: /.*/, namespace: 'named-exports' }, async ({ path }) => {
      const names = Object.keys(await import(pathToFileURL(path).href)).filter((name) =>
        /^[A-Za-z_$][\w$]*$/.test(name),
      );
      return { contents: `export { ${names.join(', ')} } from ${JSON.stringify(path)};`, resolveDir: root };
    });
  },
};

// What core's bundle has in one file each, so that the command and its plugins load it once between them.
const shared = { '@slipway/core': 'index', inversify: 'inversify', zod: 'zod' };

const fromCore = {
  name: 'from-core',
  setup: ({ onResolve }) =>
    onResolve({ filter: new RegExp(`^(${Object.keys(shared).join('|')})$`) }, ({ path }) => ({
      path: `@slipway/core/bundle/${shared[path]}`,
      external: true,
    })),
};

/**
 * Modules that are imported when they are needed, and always with the others of their group: one file, as each takes about a millisecond.
 * @param groups of files below the folder, or packages
 */
const together = (folder, groups) => ({
  name: 'together',
  setup({ onResolve, onLoad, onStart, resolve }) {
    const inner = { kind: 'import-statement', resolveDir: join(root, folder), pluginData: 'inner' };
    let resolvedGroups = [];
    onStart(async () => {
      const pathOf = async (specifier) => (await resolve(specifier, inner)).path;
      resolvedGroups = await Promise.all(groups.map((group) => Promise.all(group.map(pathOf))));
    });
    onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir }) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined;
      const resolved = await resolve(path, { ...inner, importer, resolveDir });
      const group = resolvedGroups.find((paths) => paths.includes(resolved.path));
      return group === undefined ? undefined : { path: group[0], namespace: 'together', pluginData: group };
    });
    onLoad({ filter: /./, namespace: 'together' }, ({ pluginData: paths }) => ({
      contents: paths.map((path) => `export * from ${JSON.stringify(path)};`).join('\n'),
      resolveDir: root,
    }));
  },
});

/**
 * Bundles modules of a package into its `dist/bundle`.
 * @param groups of entry points (files or packages, by the name of the bundled file) that share what they have in common, and the plugins
 *   of esbuild beside those that every bundle has
 */
async function bundle(packageFolder, groups) {
  const target = join(root, packageFolder, 'dist', 'bundle');
  const results = await Promise.all(groups.map((group) => run(group, target)));
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const outputs = results.flatMap(({ metafile }) =>
    Object.entries(metafile.outputs).map(([path, output]) => [
      relative(target, join(root, path)),
      Object.keys(output.inputs),
    ]),
  );
  const files = new Map(
    results.flatMap(({ outputFiles }) => outputFiles.map(({ path, contents }) => [relative(target, path), contents])),
  );
  files.set(
    'LICENSES.txt',
    Buffer.from(await licenses(inputs.filter((path) => !/^(named-exports|together):/.test(path)))),
  );
  files.set('inputs.json', Buffer.from(JSON.stringify(Object.fromEntries(outputs))));
  return { target, files };
}

function run({ entryPoints, plugins = [] }, target) {
  return esbuild.build({
    entryPoints,
    outdir: target,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    banner: { js: banner },
    plugins: [...plugins, oneLanguage, namedExports],
    chunkNames: '[name]-[hash]',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
}

/** The licence of every package that went into a bundle, as they ask for. */
async function licenses(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
  const texts = [...folders].sort().map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const file = (await readdir(join(root, folder))).find((name) => /^licen[cs]e/i.test(name));
    const text = file === undefined ? `License: ${license}` : await readFile(join(root, folder, file), 'utf8');
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}

/** Modules that run in threads of their own, which are opened by their path, beside that of whoever opens them. */
async function workers(folder) {
  const source = join(root, folder, 'dist', 'src');
  const paths = (await readdir(source, { recursive: true })).filter((path) => path.endsWith('-worker.js'));
  return Object.fromEntries(paths.map((path) => [basename(path, '.js'), join(source, path)]));
}

async function bundlePlugin(folder) {
  // A thread would have to load all of core's bundle anew, of which it needs little.
  const groups = [{ entryPoints: { index: join(root, folder, 'dist/src/index.js') }, plugins: [fromCore] }];
  const threads = await workers(folder);
  if (Object.keys(threads).length > 0) groups.push({ entryPoints: threads });
  const { target, files } = await bundle(folder, groups);
  const { default: plugin } = await import(pathToFileURL(join(root, folder, 'dist', 'src', 'index.js')).href);
  // The names of chunks hold their digests, so that of the entry covers everything of the plugin's own that it loads.
  files.set('flavors.json', Buffer.from(JSON.stringify(pluginManifest(plugin, files.get('index.js')))));
  await write(target, files);
}

/** Replaces what has changed, each file at once, since another process may run the bundle now; what is not needed goes last. */
async function write(target, files) {
  await mkdir(target, { recursive: true });
  const present = await readdir(target);
  await Promise.all(
    [...files].map(async ([name, content]) => {
      const path = join(target, name);
      if (present.includes(name) && digest(await readFile(path)) === digest(content)) return;
      const partial = `${path}.${process.pid}.partial`;
      await writeFile(partial, content);
      await rename(partial, path);
    }),
  );
  await Promise.all(present.filter((name) => !files.has(name)).map((name) => rm(join(target, name), { force: true })));
}

function digest(content) {
  return createHash('sha256').update(content).digest('hex');
}

async function bundleCore() {
  const { '@slipway/core': core, zod, inversify } = shared;
  const own = { [core]: join(root, 'packages/core/dist/src/index.js'), [inversify]: 'inversify' };
  // By itself: core uses the little of `zod/mini`, which would lie in one file with all that zod has in common with it.
  const groups = together('packages/core/dist/src', [
    // To check a configuration, and to make a component.
    ['./plugins/check-plugin.js', './builtin/builtin-plugin.js'],
    ['inversify', 'reflect-metadata', './builtin/default-container-registry.js', './builtin/local-artifact-store.js'],
  ]);
  const { target, files } = await bundle('packages/core', [
    { entryPoints: own, plugins: [groups] },
    { entryPoints: { [zod]: 'zod' } },
  ]);
  await write(target, files);
}

async function bundleCommand() {
  const entryPoints = { main: join(root, 'packages/cli/dist/src/main.js') };
  const program = together('packages/cli/dist/src', [
    ['./program.js', './open-slipway.js', './completion/complete.js'],
  ]);
  const { target, files } = await bundle('packages/cli', [{ entryPoints, plugins: [fromCore, program] }]);
  await write(target, files);
}

await Promise.all([bundleCore(), bundleCommand(), ...plugins.map(bundlePlugin)]);
