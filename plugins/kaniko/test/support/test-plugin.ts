import { defineFlavor, definePlugin } from '@slipway/core';
import { z } from 'zod';

const registryConfiguration = z.strictObject({
  uri: z.string(),
  username: z.string().optional(),
  password: z.string().optional().meta({ description: 'Password.', secret: true }),
});

const storeConfiguration = z.strictObject({ folder: z.string() });

export type TestRegistryConfiguration = z.output<typeof registryConfiguration>;
export type TestStoreConfiguration = z.output<typeof storeConfiguration>;

/** A registry and an artifact store that are in the tests' own process, and say that they are elsewhere. */
export const testPlugin = definePlugin({
  apiVersion: 1,
  name: 'test-plugin',
  version: '1.0.0',
  flavors: [
    defineFlavor({
      type: 'container_registry',
      name: 'test',
      description: 'A plain HTTP registry that counts as remote.',
      configSchema: registryConfiguration,
      implementation: async () => (await import('./test-components.js')).TestRegistry,
    }),
    defineFlavor({
      type: 'artifact_store',
      name: 'test',
      description: 'A folder that counts as remote.',
      configSchema: storeConfiguration,
      implementation: async () => (await import('./test-components.js')).TestStore,
    }),
  ],
});
