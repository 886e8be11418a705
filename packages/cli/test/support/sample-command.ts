import { defineFlavor, describeFlavor, type FlavorDescription } from '@slipway/core';
import { z } from 'zod';
import { type Command, defineCommand } from '../../src/command/command.js';

/** Has a field of each kind that matters to the command line. */
export const sampleFlavor: FlavorDescription = describeFlavor(
  defineFlavor({
    type: 'artifact_store',
    name: 'sample',
    description: 'For tests.',
    configSchema: z.strictObject({
      path: z.string().meta({ description: 'A path.', example: 'a b' }),
      read_only: z.boolean().optional().meta({ description: 'A switch.' }),
    }),
    implementation: () => Promise.reject<never>(new Error('is never loaded')),
  }),
);

export const sampleCommand: Command = defineCommand({
  path: ['sample', 'make'],
  summary: 'Make a sample.',
  arguments: { name: { required: true, summary: 'Its name.' }, more: { several: true, summary: 'More words.' } },
  options: {
    'dry-run': { type: 'flag', summary: 'Do nothing.' },
    cache: { type: 'flag', negatable: true, summary: 'Keep things.' },
    tag: { type: 'texts', letter: 't', summary: 'Tags.' },
    flavor: { type: 'text', letter: 'f', summary: 'A flavor.' },
  },
  examples: ['slipway sample make it', 'slipway sample make it -t a'],
  handler: () => Promise.resolve(),
});

export const attributesCommand: Command = defineCommand({
  path: ['sample', 'register'],
  summary: 'Register a sample.',
  arguments: { name: { required: true, summary: 'Its name.' } },
  options: { flavor: { type: 'text', letter: 'f', required: true, placeholder: 'FLAVOR', summary: 'A flavor.' } },
  attributes: {
    type: 'artifact_store',
    flavors: () => [sampleFlavor],
    example: ({ name }) => `slipway sample register it -f ${name}`,
  },
  examples: ['slipway sample register --help'],
  handler: () => Promise.resolve(),
});
