import { type ComponentType, componentType, UsageError } from '@slipway/core';
import { type Command, defineCommand, outputOptions } from '../../command/command.js';
import { componentColumns, componentSections, componentView } from '../../views/component-view.js';

export function describeComponent(type: ComponentType): Command {
  const { command, title } = componentType(type);
  return defineCommand({
    path: [command, 'describe'],
    summary: `Show the configuration of one ${title}, and the stacks that use it.`,
    arguments: { name: { summary: 'Which; by default that of the active stack.' } },
    options: outputOptions(componentColumns),
    examples: [`slipway ${command} describe`, `slipway ${command} describe NAME -o json`],
    async handler(input, context) {
      const slipway = await context.slipway();
      const { name } = input.arguments;
      const record = await (name === undefined ? slipway.components.active(type) : slipway.components.get(type, name));
      if (record === undefined) {
        throw new UsageError({
          code: 'NO_ACTIVE_COMPONENT',
          message: `The active stack '${await slipway.stacks.activeName()}' has no ${title}.`,
          fix: `slipway ${command} list, and slipway ${command} describe NAME`,
        });
      }
      const view = await componentView(slipway, record);
      await context.output.describe(view, componentColumns, {
        chosen: input.options.columns,
        sections: () => componentSections(slipway, view),
      });
    },
  });
}
