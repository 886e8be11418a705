// Registers a stack and builds an image with it, as a program of your own would: CONTEXT TAG FOLDER
import { join } from 'node:path';
import { createSlipway, SlipwayError } from '@slipway/core';
import direct from '@slipway/plugin-direct';

const [contextDirectory = '.', tag = 'demo/hello:1', folder = 'slipway-example'] = process.argv.slice(2);

// A folder of its own, so that what the user has registered for the command line is left alone.
const slipway = await createSlipway({ plugins: [direct], configDirectory: join(folder, 'config') });

try {
  await slipway.components.register({
    type: 'image_builder',
    flavor: 'direct',
    name: 'files',
    configuration: { layout: join(folder, 'images') },
    labels: { purpose: 'example' },
  });
  await slipway.stacks.register('example', { image_builder: 'files' }, { activate: true });

  const { images, timings } = await slipway.build(
    { contextDirectory, tags: [tag] },
    {
      onEvent: (event) => {
        if (event.type === 'stage-started') console.error(event.stage);
      },
    },
  );
  for (const { reference } of images) console.log(reference);
  console.error(`${timings.length} stages`);
} catch (error) {
  if (!SlipwayError.is(error)) throw error;
  console.error([error.code, error.message, error.reason, error.fix].filter(Boolean).join('\n'));
  process.exitCode = error.exitCode;
}
