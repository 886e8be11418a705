import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describeFlavor, type FlavorDescription } from '../flavors/flavor-description.js';
import type { Plugin } from './plugin.js';

const manifestFormat = 1;

/**
 * What a plugin brings, as data beside its module, so that lists and help need not load it. A package names its file under
 * `slipway.flavors`; it is optional, and meant for a module that is bundled, which its digest then covers.
 */
export interface PluginManifest {
  readonly format: typeof manifestFormat;
  readonly name: string;
  readonly version: string;
  /** `sha256:…` of the module that it describes. */
  readonly module: string;
  readonly flavors: readonly FlavorDescription[];
}

/** @param module the content of the plugin's module */
export function pluginManifest(plugin: Plugin, module: Uint8Array): PluginManifest {
  return {
    format: manifestFormat,
    name: plugin.name,
    version: plugin.version,
    module: digestOf(module),
    flavors: plugin.flavors.map((flavor) => ({ ...describeFlavor(flavor) })),
  };
}

/**
 * Reads a manifest, if it describes that very module of that very version.
 * @returns undefined where it does not, is broken, or is not there: then the module itself has to be loaded
 */
export async function readPluginManifest(
  path: string,
  plugin: { readonly module: string; readonly version: unknown },
): Promise<PluginManifest | undefined> {
  try {
    const [text, module] = await Promise.all([readFile(path, 'utf8'), readFile(plugin.module)]);
    const manifest = JSON.parse(text) as PluginManifest;
    const fits =
      manifest.format === manifestFormat &&
      manifest.version === plugin.version &&
      manifest.module === digestOf(module) &&
      Array.isArray(manifest.flavors);
    return fits ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
