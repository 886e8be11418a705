import { diagnose } from '@slipway/core';
import { defineCommand } from '../command/command.js';
import { checkViews } from '../views/check-view.js';
import { doctorOptions, runDoctor } from './run-doctor.js';

export const doctor = defineCommand({
  path: ['doctor'],
  summary: 'Look for what would keep the stack from building, and say how it is mended; changes nothing.',
  arguments: {},
  options: {
    stack: { type: 'text', placeholder: 'STACK', summary: 'The stack to look at; by default the active one.' },
    ...doctorOptions,
  },
  examples: ['slipway doctor', 'slipway doctor --stack=prod --from-cluster', 'slipway doctor -o json'],
  async handler({ options }, context) {
    const slipway = await context.slipway();
    return runDoctor(
      async (signal) =>
        checkViews(diagnose(await slipway.assemble(options.stack), { signal, fromCluster: options['from-cluster'] })),
      context.output,
      options.columns,
    );
  },
});
