import type { AvailablePlugin } from '../plugins/plugin-source.js';
import { builtinFlavors } from './builtin-flavors.js';

/** The flavors that need no plugin, described as a plugin's manifest describes them: their schemas load when they are used. */
export const builtin: AvailablePlugin = {
  name: '@slipway/core',
  version: '0.1.0',
  flavors: builtinFlavors,
  load: async () => (await import('./builtin-plugin.js')).builtinPlugin,
};
