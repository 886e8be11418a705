import type { ContainerModule } from 'inversify';
import type { Flavor } from '../flavors/flavor.js';

/** The version of the plugin contract that this package speaks. */
export const pluginApiVersion = 1;

/** A package that brings flavors: the default export of the module that its package.json names under `slipway.plugin`. */
export interface Plugin {
  readonly apiVersion: typeof pluginApiVersion;
  readonly name: string;
  readonly version: string;
  readonly flavors: readonly Flavor[];
  /** Services of the plugin's own that its components ask for; loaded with the first of its components. */
  readonly bindings?: () => Promise<ContainerModule>;
}

export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}
