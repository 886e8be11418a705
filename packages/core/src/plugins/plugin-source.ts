import type { FlavorDescription } from '../flavors/flavor-description.js';
import type { Plugin } from './plugin.js';

/** Where a plugin is to be found. */
export interface PluginSource {
  /** A package's name; or the absolute path of a package's folder, or of a module that exports a plugin or one flavor. */
  readonly packageName: string;
  /** The file or folder from which Node resolves the name. */
  readonly from: string;
}

/** A plugin that could not be loaded. Everything else works. */
export interface PluginProblem {
  readonly packageName: string;
  readonly message: string;
  readonly cause?: unknown;
}

/** A plugin that is there, loaded or not. */
export interface AvailablePlugin {
  readonly name: string;
  readonly version: string;
  readonly flavors: readonly FlavorDescription[];
  /** Loads it, once. @throws SlipwayError `PLUGIN_BROKEN` */
  readonly load: () => Promise<Plugin>;
}
