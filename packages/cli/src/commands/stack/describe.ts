import { defineCommand, outputOptions } from '../../command/command.js';
import { stackNames, stackOption } from '../../command/common-options.js';
import { stackColumns, stackSections, stackViews } from '../../views/stack-view.js';

export const describeStack = defineCommand({
  path: ['stack', 'describe'],
  summary: 'Show the components of a stack.',
  arguments: { name: { summary: 'Which; by default the active stack.', complete: stackNames } },
  options: { ...stackOption, ...outputOptions(stackColumns) },
  examples: ['slipway stack describe', 'slipway stack describe prod -o json'],
  async handler(input, context) {
    const slipway = await context.slipway();
    const views = await stackViews(slipway, [await slipway.stacks.get(input.arguments.name)]);
    for (const view of views) {
      await context.output.describe(view, stackColumns, {
        chosen: input.options.columns,
        sections: () => stackSections(view),
      });
    }
  },
});
