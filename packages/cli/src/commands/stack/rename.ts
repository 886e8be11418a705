import { defineCommand } from '../../command/command.js';
import { stackNames } from '../../command/common-options.js';

export const renameStack = defineCommand({
  path: ['stack', 'rename'],
  summary: 'Give a stack another name; it stays active where it was.',
  arguments: {
    name: { required: true, summary: 'Which.', complete: stackNames },
    'new-name': { required: true, summary: 'What it shall be called.' },
  },
  options: {},
  examples: ['slipway stack rename prod production', 'slipway stack list'],
  async handler(input, { slipway, output }) {
    const { name, 'new-name': newName } = input.arguments;
    const { warnings } = await (await slipway()).stacks.rename(name, newName);
    output.note(`Renamed the stack '${name}' to '${newName}'.`);
    output.warnings(warnings);
  },
});
