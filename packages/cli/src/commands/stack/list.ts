import { componentType, componentTypeIds } from '@slipway/core';
import { defineCommand, outputOption } from '../../command/command.js';
import type { Column } from '../../output/output.js';
import { type StackView, stackViews } from '../../views/stack-view.js';

const columns: readonly Column<StackView>[] = [
  ['', ({ active }) => (active ? '*' : '')],
  ['NAME', ({ name }) => name],
  ...componentTypeIds.map((type): Column<StackView> => [
    componentType(type).title.toUpperCase(),
    ({ components }) => components[type]?.name ?? '-',
  ]),
];

export const listStacks = defineCommand({
  path: ['stack', 'list'],
  summary: 'List the stacks; * marks the active one.',
  arguments: {},
  options: outputOption,
  examples: ['slipway stack list', 'slipway stack list -o json'],
  async handler(_input, context) {
    const slipway = await context.slipway();
    const stacks = await stackViews(slipway, await slipway.stacks.list());
    context.output.list(stacks, columns, 'There are no stacks.');
  },
});
