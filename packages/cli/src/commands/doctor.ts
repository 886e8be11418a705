import { diagnose, type DiagnoseOptions, type Slipway } from '@slipway/core';
import { defineCommand } from '../command/command.js';
import { type CheckView, checkViews, storeCheckViews } from '../views/check-view.js';
import { componentLooks } from './component-looks.js';
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
      (signal) =>
        Promise.resolve(
          checks(slipway, options.stack, { signal, fromCluster: options['from-cluster'], looks: componentLooks }),
        ),
      context.output,
      options.columns,
    );
  },
});

/** The store first: of one that is broken there are no components to ask. */
async function* checks(
  slipway: Slipway,
  stack: string | undefined,
  options: DiagnoseOptions,
): AsyncGenerator<CheckView> {
  const ofStore = await slipway.checkStore();
  yield* storeCheckViews(ofStore);
  if (ofStore.some(({ outcome }) => outcome === 'failure')) return;
  yield* checkViews(diagnose(await slipway.assemble(stack), options));
}
