import { sourceOf } from '@slipway/core';
import { defineCommand, outputOption } from '../../command/command.js';
import { stackOption } from '../../command/common-options.js';
import { stackColumns, stackViews } from '../../views/stack-view.js';

export const getActiveStack = defineCommand({
  path: ['stack', 'get'],
  summary: 'Print the name of the active stack, and on standard error what decided it.',
  arguments: {},
  options: { ...stackOption, ...outputOption },
  examples: ['slipway stack get', 'slipway stack get -o json'],
  async handler(_input, context) {
    const { output } = context;
    const slipway = await context.slipway();
    const active = await slipway.stacks.active();
    // Whether there is such a stack.
    const views = await stackViews(slipway, [await slipway.stacks.get()]);
    if (output.format === 'table') {
      output.data(active.name);
      output.note(`From ${sourceOf(active)}.`);
      return;
    }
    for (const view of views) {
      const described = { ...view, origin: active.origin, ...(active.path === undefined ? {} : { path: active.path }) };
      await output.describe(described, stackColumns, { sections: () => [] });
    }
  },
});
