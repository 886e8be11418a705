import { type ComponentType, componentType } from '@slipway/core';
import { type Command, defineCommand, outputOption } from '../../command/command.js';
import { componentViews } from '../../views/component-view.js';

export function listComponents(type: ComponentType): Command {
  const { command, pluralTitle } = componentType(type);
  return defineCommand({
    path: [command, 'list'],
    summary: `List the ${pluralTitle}; * marks that of the active stack.`,
    arguments: {},
    options: outputOption,
    examples: [`slipway ${command} list`, `slipway ${command} list -o json`],
    async handler(_input, { slipway, output }) {
      output.list(
        await componentViews(await slipway(), type),
        [
          ['', ({ active }) => (active ? '*' : '')],
          ['NAME', ({ name }) => name],
          ['FLAVOR', ({ flavor }) => flavor],
          ['STACKS', ({ stacks }) => stacks.join(', ')],
        ],
        `There are no ${pluralTitle}; one is registered with: slipway ${command} register NAME --flavor=FLAVOR`,
      );
    },
  });
}
