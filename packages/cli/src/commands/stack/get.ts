import { defineCommand } from '../../command/command.js';

export const getActiveStack = defineCommand({
  path: ['stack', 'get'],
  summary: 'Print the name of the active stack.',
  arguments: {},
  options: {},
  examples: ['slipway stack get', 'slipway stack describe'],
  async handler(_input, { slipway, output }) {
    output.data(await (await slipway()).stacks.activeName());
  },
});
