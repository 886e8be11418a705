import { componentType, componentTypeIds } from '@slipway/core';
import { defineCommand, outputOptions } from '../../command/command.js';
import { componentNames, stackOption } from '../../command/common-options.js';
import { conditionOption, filterOf, filterOptions } from '../../command/filter-options.js';
import { stackColumns, stackViews } from '../../views/stack-view.js';
import { componentsOf } from './component-options.js';

// Which stacks have this component?
const byComponent = Object.fromEntries(
  componentTypeIds.map((type) => {
    const { command, letter, title } = componentType(type);
    return [command, { ...conditionOption(title), letter, complete: componentNames(type) }];
  }),
);

export const listStacks = defineCommand({
  path: ['stack', 'list'],
  summary: 'List the stacks; * marks the active one.',
  arguments: {},
  options: {
    ...byComponent,
    ...filterOptions('name', 'created', 'updated'),
    ...stackOption,
    ...outputOptions(stackColumns),
  },
  examples: ['slipway stack list', 'slipway stack list -i my-builder --label team=payments -o name'],
  async handler(input, context) {
    const slipway = await context.slipway();
    const filter = { ...filterOf(input.options), components: componentsOf(input.options) };
    await context.output.list(await stackViews(slipway, await slipway.stacks.list(filter)), stackColumns, {
      chosen: input.options.columns,
      whenEmpty: 'There are no such stacks.',
    });
  },
});
