import { definePlugin, pluginApiVersion } from '@slipway/core';
import { kanikoFlavor } from './kaniko-flavor.js';

export default definePlugin({
  apiVersion: pluginApiVersion,
  name: '@slipway/plugin-kaniko',
  version: '0.1.0',
  flavors: [kanikoFlavor],
});
