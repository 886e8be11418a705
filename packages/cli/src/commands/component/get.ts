import { type ComponentType, componentType } from '@slipway/core';
import { type Command, defineCommand, outputOption } from '../../command/command.js';
import { stackOption } from '../../command/common-options.js';
import { componentColumns, componentView } from '../../views/component-view.js';
import { chosenComponent } from './chosen-component.js';

export function getActiveComponent(type: ComponentType): Command {
  const { command, title } = componentType(type);
  return defineCommand({
    path: [command, 'get'],
    summary: `Print the name of the active stack's ${title}.`,
    arguments: {},
    options: { ...stackOption, ...outputOption },
    examples: [`slipway ${command} get`, `slipway ${command} get --stack prod`],
    async handler(_input, context) {
      const { output } = context;
      const slipway = await context.slipway();
      const record = await chosenComponent(slipway, type, undefined);
      if (output.format === 'table') return output.data(record.name);
      await output.describe(await componentView(slipway, record), componentColumns, { sections: () => [] });
    },
  });
}
