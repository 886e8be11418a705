import { defineCommand } from '../../command/command.js';

export const deleteStack = defineCommand({
  path: ['stack', 'delete'],
  summary: 'Delete a stack that is not active; its components stay.',
  arguments: { name: { required: true, summary: 'Which.' } },
  options: {},
  examples: ['slipway stack delete staging', 'slipway stack set default'],
  async handler(input, { slipway, output }) {
    const { name } = input.arguments;
    await (await slipway()).stacks.delete(name);
    output.note(`Deleted the stack '${name}'.`);
  },
});
