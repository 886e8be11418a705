import { type ComponentType, componentType } from '@slipway/core';
import { type Command, defineCommand, outputOptions } from '../../command/command.js';
import { componentColumns, componentViews } from '../../views/component-view.js';

export function listComponents(type: ComponentType): Command {
  const { command, pluralTitle } = componentType(type);
  return defineCommand({
    path: [command, 'list'],
    summary: `List the ${pluralTitle}; * marks that of the active stack.`,
    arguments: {},
    options: outputOptions(componentColumns),
    examples: [`slipway ${command} list`, `slipway ${command} list -o json`],
    async handler(input, { slipway, output }) {
      await output.list(await componentViews(await slipway(), type), componentColumns, {
        chosen: input.options.columns,
        whenEmpty: `There are no ${pluralTitle}; one is registered with: slipway ${command} register NAME --flavor=FLAVOR`,
      });
    },
  });
}
