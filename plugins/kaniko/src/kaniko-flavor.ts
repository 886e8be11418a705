import { defineFlavor } from '@slipway/core';
import { kanikoConfiguration } from './configuration/kaniko-configuration.js';

export const kanikoFlavor = defineFlavor({
  type: 'image_builder',
  name: 'kaniko',
  description: 'Builds images inside a Kubernetes cluster with Kaniko; needs no Docker.',
  configSchema: kanikoConfiguration,
  implementation: async () => (await import('./kaniko-image-builder.js')).KanikoImageBuilder,
});
