import { defineFlavor, withJsonSchema } from '@slipway/core';
import * as z from 'zod/mini';

const folder = z.string().check(z.minLength(1));

const directConfiguration = withJsonSchema(
  z.strictObject({
    layout: z.optional(folder).register(z.globalRegistry, {
      description:
        'The folder of the OCI layout that images are written to in a stack without a container registry; by default `images` in the configuration folder.',
      example: '/var/lib/images',
    }),
    cache_directory: z.optional(folder).register(z.globalRegistry, {
      description:
        'A folder for what makes the next build faster: it can be deleted at any time; by default `cache` in the configuration folder.',
      example: '/var/cache/slipway',
    }),
    cache_size_gb: z._default(z.number().check(z.positive()), 5).register(z.globalRegistry, {
      description: 'How many gigabytes the cache may hold; what was not used for longest goes first.',
      example: '20',
    }),
  }),
  z.toJSONSchema,
);

export type DirectConfiguration = z.output<typeof directConfiguration>;

export const directFlavor = defineFlavor({
  type: 'image_builder',
  name: 'direct',
  description:
    'Builds images without RUN from files straight to a registry or an OCI layout; needs no Docker and no cluster.',
  configSchema: directConfiguration,
  implementation: async () => (await import('./direct-image-builder.js')).DirectImageBuilder,
});
