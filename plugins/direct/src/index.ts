import { definePlugin, pluginApiVersion } from '@slipway/core';
import { directFlavor } from './direct-flavor.js';

export default definePlugin({
  apiVersion: pluginApiVersion,
  name: '@slipway/plugin-direct',
  version: '0.1.0',
  flavors: [directFlavor],
});
