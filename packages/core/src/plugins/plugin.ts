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
  /**
   * Services of the plugin's own that its components ask for. Every component has its own set, of singletons, so that they
   * may ask for that component's configuration; loaded when the component is.
   */
  readonly bindings?: () => Promise<ContainerModule>;
}

export function definePlugin(plugin: Plugin): Plugin {
  return plugin;
}

/** @throws Error that says which version the plugin speaks, as part of a sentence */
export function checkApiVersion(version: number): void {
  if (version === pluginApiVersion) return;
  throw new Error(`it speaks version ${version} of the plugin contract, this Slipway speaks ${pluginApiVersion}`);
}
