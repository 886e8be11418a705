import * as z from 'zod/mini';
import { defineFlavor, withJsonSchema } from '../flavors/flavor.js';

const localArtifactStoreConfiguration = withJsonSchema(
  z.strictObject({
    path: z
      .optional(
        z.string().check(
          z.minLength(1),
          z.superRefine((path, context) => {
            if (path.includes('://')) context.addIssue('must be a folder of this machine, without scheme');
          }),
        ),
      )
      .register(z.globalRegistry, {
        description: 'A folder of this machine; by default `artifacts` in the configuration folder.',
        example: '/var/lib/artifacts',
      }),
  }),
  z.toJSONSchema,
);

export type LocalArtifactStoreConfiguration = z.output<typeof localArtifactStoreConfiguration>;

export const localArtifactStoreFlavor = defineFlavor({
  type: 'artifact_store',
  name: 'local',
  description: 'A folder of this machine.',
  configSchema: localArtifactStoreConfiguration,
  implementation: async () => (await import('./local-artifact-store.js')).LocalArtifactStore,
});
