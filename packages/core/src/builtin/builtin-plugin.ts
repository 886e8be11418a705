import { definePlugin, pluginApiVersion } from '../plugins/plugin.js';
import { defaultContainerRegistryFlavor } from './default-container-registry-flavor.js';
import { localArtifactStoreFlavor } from './local-artifact-store-flavor.js';

/** The flavors that need no plugin. */
export const builtinPlugin = definePlugin({
  apiVersion: pluginApiVersion,
  name: '@slipway/core',
  version: '0.1.0',
  flavors: [defaultContainerRegistryFlavor, localArtifactStoreFlavor],
});
