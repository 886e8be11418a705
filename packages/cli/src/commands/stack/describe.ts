import { defineCommand, outputOption } from '../../command/command.js';
import { stackText, stackViews } from '../../views/stack-view.js';

export const describeStack = defineCommand({
  path: ['stack', 'describe'],
  summary: 'Show the components of a stack.',
  arguments: { name: { summary: 'Which; by default the active stack.' } },
  options: outputOption,
  examples: ['slipway stack describe', 'slipway stack describe prod -o json'],
  async handler(input, context) {
    const slipway = await context.slipway();
    const views = await stackViews(slipway, [await slipway.stacks.get(input.arguments.name)]);
    for (const view of views) context.output.describe(view, () => stackText(view));
  },
});
