import { defineCommand, outputOptions } from '../../command/command.js';
import { stackColumns, stackViews } from '../../views/stack-view.js';

export const listStacks = defineCommand({
  path: ['stack', 'list'],
  summary: 'List the stacks; * marks the active one.',
  arguments: {},
  options: outputOptions(stackColumns),
  examples: ['slipway stack list', 'slipway stack list -o json'],
  async handler(input, context) {
    const slipway = await context.slipway();
    const stacks = await stackViews(slipway, await slipway.stacks.list());
    await context.output.list(stacks, stackColumns, {
      chosen: input.options.columns,
      whenEmpty: 'There are no stacks.',
    });
  },
});
