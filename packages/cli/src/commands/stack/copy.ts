import { defineCommand } from '../../command/command.js';
import { stackNames } from '../../command/common-options.js';

export const copyStack = defineCommand({
  path: ['stack', 'copy'],
  summary: 'Register a stack like another, of the same components.',
  arguments: {
    name: { required: true, summary: 'Which to copy.', complete: stackNames },
    'new-name': { required: true, summary: 'What the copy shall be called.' },
  },
  options: {},
  examples: ['slipway stack copy prod staging', 'slipway stack update staging -c my-registry'],
  async handler(input, { slipway, output }) {
    const { name, 'new-name': newName } = input.arguments;
    await (await slipway()).stacks.copy(name, newName);
    output.note(`Copied the stack '${name}' to '${newName}'.`);
  },
});
