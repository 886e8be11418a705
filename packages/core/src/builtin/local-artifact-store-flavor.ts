import { z } from 'zod';
import { defineFlavor } from '../flavors/flavor.js';

const localArtifactStoreConfiguration = z.strictObject({
  path: z
    .string()
    .min(1)
    .optional()
    .superRefine((path, context) => {
      if (path?.includes('://')) context.addIssue('must be a folder of this machine, without scheme');
    })
    .meta({
      description: 'A folder of this machine; by default `artifacts` in the configuration folder.',
      example: '/var/lib/artifacts',
    }),
});

export type LocalArtifactStoreConfiguration = z.output<typeof localArtifactStoreConfiguration>;

export const localArtifactStoreFlavor = defineFlavor({
  type: 'artifact_store',
  name: 'local',
  description: 'A folder of this machine.',
  configSchema: localArtifactStoreConfiguration,
  implementation: async () => (await import('./local-artifact-store.js')).LocalArtifactStore,
});
