import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { SlipwayError } from '../errors/slipway-error.js';
import { describeFlavor } from '../flavors/flavor-description.js';
import type { Plugin } from './plugin.js';
import { readPluginManifest } from './plugin-manifest.js';
import { readPluginPackage } from './plugin-package.js';
import type { AvailablePlugin, PluginProblem, PluginSource } from './plugin-source.js';

export interface FoundPlugins {
  readonly plugins: readonly AvailablePlugin[];
  readonly problems: readonly PluginProblem[];
}

export interface FindPluginsOptions {
  /** How long a module may take to load, in milliseconds; 10 seconds unless given. */
  readonly timeout?: number;
}

/**
 * Finds plugins side by side. A package whose manifest fits is not loaded; others are. One that is missing, throws, hangs or
 * does not fit costs its own flavors and a problem, nothing else.
 */
export async function findPlugins(
  sources: readonly PluginSource[],
  { timeout = 10_000 }: FindPluginsOptions = {},
): Promise<FoundPlugins> {
  const results = await Promise.all(
    sources.map(async (source): Promise<{ plugin: AvailablePlugin } | { problem: PluginProblem }> => {
      try {
        return { plugin: await findPlugin(source, timeout) };
      } catch (error) {
        return { problem: { packageName: source.packageName, message: messageOf(error), cause: error } };
      }
    }),
  );
  return {
    plugins: results.flatMap((result) => ('plugin' in result ? [result.plugin] : [])),
    problems: results.flatMap((result) => ('problem' in result ? [result.problem] : [])),
  };
}

/** A plugin that a program brings itself. */
export function availablePlugin(plugin: Plugin): AvailablePlugin {
  const { name, version, flavors } = plugin;
  return { name, version, flavors: flavors.map(describeFlavor), load: () => Promise.resolve(plugin) };
}

async function findPlugin(source: PluginSource, timeout: number): Promise<AvailablePlugin> {
  if (await isModule(source.packageName)) {
    const path = source.packageName;
    const { checkModule } = await import('./check-plugin.js');
    return availablePlugin(checkModule(await importModule(path, timeout), path));
  }
  const found = await readPluginPackage(source);
  const manifest = found.manifest === undefined ? undefined : await readPluginManifest(found.manifest, found);
  if (manifest === undefined) return availablePlugin(await loadPlugin(found.module, timeout));
  let loaded: Promise<Plugin> | undefined;
  return {
    name: manifest.name,
    version: manifest.version,
    flavors: manifest.flavors,
    load: () =>
      (loaded ??= loadPlugin(found.module, timeout).catch((error: unknown) => {
        throw pluginBroken(manifest.name, error);
      })),
  };
}

async function isModule(specifier: string): Promise<boolean> {
  if (!isAbsolute(specifier)) return false;
  const found = await stat(specifier).catch(() => undefined);
  if (found === undefined) throw new Error('there is no such file or folder');
  return found.isFile();
}

async function loadPlugin(path: string, timeout: number): Promise<Plugin> {
  const [{ checkPlugin }, module] = await Promise.all([import('./check-plugin.js'), importModule(path, timeout)]);
  return checkPlugin((module as { default?: unknown }).default);
}

/** A module may wait for something that never comes; the timer also keeps the process from ending in silence then. */
async function importModule(path: string, timeout: number): Promise<object> {
  const done = new AbortController();
  const expired = delay(timeout, undefined, { signal: done.signal }).then(() => {
    throw new Error(`its module was not loaded within ${timeout / 1000} seconds`);
  });
  expired.catch(() => {});
  try {
    return (await Promise.race([import(pathToFileURL(path).href), expired])) as object;
  } finally {
    done.abort();
  }
}

/** What a person is told of a plugin that does not load. */
export function pluginBroken(
  packageName: string,
  cause: unknown,
  fix = 'Install it again, or report this to its authors: slipway plugin list',
): SlipwayError {
  const message = messageOf(cause);
  return new SlipwayError({
    code: 'PLUGIN_BROKEN',
    message: `The plugin '${packageName}' could not be loaded.`,
    reason: `${message.charAt(0).toUpperCase()}${message.slice(1)}.`,
    fix,
    cause,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
