import { defineCommand } from '../../command/command.js';

export const setActiveStack = defineCommand({
  path: ['stack', 'set'],
  summary: 'Make a stack the active one, which commands use where they name none.',
  arguments: { name: { required: true, summary: 'Which.' } },
  options: {},
  examples: ['slipway stack set prod', 'slipway stack set default'],
  async handler(input, { slipway, output }) {
    const { name } = input.arguments;
    await (await slipway()).stacks.activate(name);
    output.note(`The stack '${name}' is active now.`);
  },
});
