import { isAbsolute } from 'node:path';
import { type AvailablePlugin, findPlugins, pluginBroken, type PluginSource } from '@slipway/core';

/** Whether a person means a path, not the name of a package. */
export function isPath(written: string): boolean {
  return written.startsWith('.') || isAbsolute(written);
}

/** The name in what npm takes for a package, perhaps with a version behind it: `@acme/plugin@1`. */
export function packageNameOf(specification: string): string {
  return specification.replace(/(?<=.)@.*$/, '');
}

/**
 * The plugin, loaded, so that what is added works.
 * @param written how a person named it
 * @param fix what to do where it does not load
 * @throws SlipwayError `PLUGIN_BROKEN`
 */
export async function loadedPlugin(source: PluginSource, written: string, fix = notAdded): Promise<AvailablePlugin> {
  const { plugins, problems } = await findPlugins([source]);
  const [plugin] = plugins;
  if (plugin === undefined) throw pluginBroken(written, problems[0]?.cause ?? problems[0]?.message, fix);
  // What its manifest says of it may be right, and its module may still not load.
  await plugin.load();
  return plugin;
}

const notAdded =
  'Nothing was added. A plugin is a package whose package.json has a "slipway" field, or a module that exports a flavor; a new one: npm create slipway-plugin my-plugin';
