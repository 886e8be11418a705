import { componentType, componentTypeIds } from '@slipway/core';
import { defineCommand, outputOptions } from '../../command/command.js';
import { componentNames, stackOption } from '../../command/common-options.js';
import { conditionOption, selected, selectionOptions } from '../../command/selection.js';
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
    name: conditionOption('name'),
    ...byComponent,
    ...selectionOptions(stackColumns),
    ...stackOption,
    ...outputOptions(stackColumns),
  },
  examples: ['slipway stack list', 'slipway stack list -i my-builder --label team=payments -o name'],
  async handler(input, context) {
    const { name, label, sort, columns } = input.options;
    const slipway = await context.slipway();
    const views = await stackViews(slipway, await slipway.stacks.list());
    const conditions = { name, ...componentsOf(input.options) };
    await context.output.list(selected(views, stackColumns, { conditions, labels: label, sort }), stackColumns, {
      chosen: columns,
      whenEmpty: `None of the ${views.length} stacks is such.`,
    });
  },
});
