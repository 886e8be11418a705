import { type ComponentType, componentType } from '@slipway/core';
import { type Command, defineCommand, outputOptions } from '../../command/command.js';
import { componentNames, stackOption } from '../../command/common-options.js';
import { componentColumns, componentSections, componentView } from '../../views/component-view.js';
import { chosenComponent } from './chosen-component.js';

export function describeComponent(type: ComponentType): Command {
  const { command, title } = componentType(type);
  return defineCommand({
    path: [command, 'describe'],
    summary: `Show the configuration of one ${title}, and the stacks that use it.`,
    arguments: { name: { summary: 'Which; by default that of the active stack.', complete: componentNames(type) } },
    options: { ...stackOption, ...outputOptions(componentColumns) },
    examples: [`slipway ${command} describe`, `slipway ${command} describe NAME -o json`],
    async handler(input, context) {
      const slipway = await context.slipway();
      const record = await chosenComponent(slipway, type, input.arguments.name);
      const view = await componentView(slipway, record);
      await context.output.describe(view, componentColumns, {
        chosen: input.options.columns,
        sections: () => componentSections(slipway, view),
      });
    },
  });
}
