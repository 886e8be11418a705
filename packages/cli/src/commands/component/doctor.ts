import { type ComponentType, componentType, diagnose } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import { checkViews } from '../../views/check-view.js';
import { componentLooks } from '../component-looks.js';
import { doctorOptions, runDoctor } from '../run-doctor.js';
import { chosenComponent } from './chosen-component.js';

export function doctorOfComponent(type: ComponentType): Command {
  const { command, title } = componentType(type);
  return defineCommand({
    path: [command, 'doctor'],
    summary: `Look for what keeps one ${title} from working; changes nothing.`,
    arguments: { name: { summary: 'Which; by default that of the active stack.' } },
    options: doctorOptions,
    examples: [`slipway ${command} doctor`, `slipway ${command} doctor NAME -o json`],
    async handler({ arguments: { name }, options }, context) {
      const slipway = await context.slipway();
      return runDoctor(
        async (signal) => {
          const stack = await slipway.assembleWith(type, (await chosenComponent(slipway, type, name)).name);
          const fromCluster = options['from-cluster'];
          return checkViews(diagnose(stack, { signal, fromCluster, types: [type], looks: componentLooks }));
        },
        context.output,
        options.columns,
      );
    },
  });
}
