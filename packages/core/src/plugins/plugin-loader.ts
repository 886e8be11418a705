import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { componentTypeIds } from '../contracts/component-types.js';
import { type Plugin, pluginApiVersion } from './plugin.js';

/** Where a plugin is to be found: a package's name, and the file or folder from which Node resolves it. */
export interface PluginSource {
  readonly packageName: string;
  readonly from: string;
}

/** A plugin that could not be loaded. Everything else works. */
export interface PluginProblem {
  readonly packageName: string;
  readonly message: string;
  readonly cause?: unknown;
}

export interface LoadedPlugins {
  readonly plugins: readonly Plugin[];
  readonly problems: readonly PluginProblem[];
}

const manifestSchema = z.object({ slipway: z.object({ apiVersion: z.number(), plugin: z.string() }) });

// A module of somebody else: everything that is used before a component is made is looked at here.
const pluginSchema = z.looseObject({
  apiVersion: z.number(),
  name: z.string().min(1),
  version: z.string(),
  flavors: z.array(
    z.looseObject({
      type: z.enum(componentTypeIds),
      name: z.string().min(1),
      description: z.string(),
      configSchema: z.custom(isZodObject, { error: 'must be an object schema of zod 4' }),
      implementation: z.custom((value) => typeof value === 'function', { error: 'must be a function' }),
    }),
  ),
});

/** Loads plugins side by side. One that is missing, throws or does not fit costs its own flavors and a problem, nothing else. */
export async function loadPlugins(sources: readonly PluginSource[]): Promise<LoadedPlugins> {
  const results = await Promise.all(
    sources.map(async ({ packageName, from }): Promise<{ plugin: Plugin } | { problem: PluginProblem }> => {
      try {
        return { plugin: await loadPlugin(packageName, from) };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { problem: { packageName, message, cause: error } };
      }
    }),
  );
  return {
    plugins: results.flatMap((result) => ('plugin' in result ? [result.plugin] : [])),
    problems: results.flatMap((result) => ('problem' in result ? [result.problem] : [])),
  };
}

async function loadPlugin(packageName: string, from: string): Promise<Plugin> {
  const directory = await packageDirectory(packageName, from);
  const manifest = manifestSchema.safeParse(await readJson(join(directory, 'package.json')));
  if (!manifest.success) throw new Error('its package.json has no "slipway" field with "apiVersion" and "plugin"');
  const { apiVersion, plugin: entry } = manifest.data.slipway;
  checkApiVersion(apiVersion);
  const module = (await import(pathToFileURL(join(directory, entry)).href)) as { default?: unknown };
  const spoken = z.looseObject({ apiVersion: z.number() }).safeParse(module.default);
  // First of all: a plugin for another version may well have another shape.
  if (spoken.success) checkApiVersion(spoken.data.apiVersion);
  const plugin = pluginSchema.safeParse(module.default);
  if (!plugin.success) throw new Error(`its default export is no plugin: ${z.prettifyError(plugin.error)}`);
  return module.default as Plugin;
}

/** By the schema's own description of itself, as a plugin may bring a zod of its own. */
function isZodObject(value: unknown): boolean {
  return (value as Partial<z.ZodObject> | null | undefined)?._zod?.def.type === 'object';
}

function checkApiVersion(version: number): void {
  if (version === pluginApiVersion) return;
  throw new Error(`it speaks version ${version} of the plugin contract, this Slipway speaks ${pluginApiVersion}`);
}

// Not `require.resolve`: a package's exports need not name its package.json.
async function packageDirectory(packageName: string, from: string): Promise<string> {
  // Of a folder, its own node_modules counts too: the file in it need not be there.
  const importer = join(resolve(from), 'index.js');
  for (const folder of createRequire(importer).resolve.paths(packageName) ?? []) {
    const directory = join(folder, packageName);
    const found = await readFile(join(directory, 'package.json')).then(
      () => true,
      () => false,
    );
    if (found) return directory;
  }
  throw new Error('the package is not installed');
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8')) as unknown;
}
