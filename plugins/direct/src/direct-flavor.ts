import { defineFlavor } from '@slipway/core';
import { z } from 'zod';

const directConfiguration = z.strictObject({
  layout: z.string().min(1).optional().meta({
    description:
      'The folder of the OCI layout that images are written to in a stack without a container registry; by default `images` in the configuration folder.',
    example: '/var/lib/images',
  }),
  cache_directory: z.string().min(1).optional().meta({
    description:
      'A folder for what makes the next build faster: it can be deleted at any time; by default `cache` in the configuration folder.',
    example: '/var/cache/slipway',
  }),
  cache_size_gb: z.number().positive().default(5).meta({
    description: 'How many gigabytes the cache may hold; what was not used for longest goes first.',
    example: '20',
  }),
});

export type DirectConfiguration = z.output<typeof directConfiguration>;

export const directFlavor = defineFlavor({
  type: 'image_builder',
  name: 'direct',
  description:
    'Builds images without RUN from files straight to a registry or an OCI layout; needs no Docker and no cluster.',
  configSchema: directConfiguration,
  implementation: async () => (await import('./direct-image-builder.js')).DirectImageBuilder,
});
