import { type ComponentType, componentType } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import { componentNames } from '../../command/common-options.js';
import { an } from '../../output/words.js';

export function renameComponent(type: ComponentType): Command {
  const { command, title } = componentType(type);
  return defineCommand({
    path: [command, 'rename'],
    summary: `Give ${an(title)} another name; its stacks keep it.`,
    arguments: {
      name: { required: true, summary: 'Which.', complete: componentNames(type) },
      'new-name': { required: true, summary: 'What it shall be called.' },
    },
    options: {},
    examples: [`slipway ${command} rename NAME NEW-NAME`, `slipway ${command} list`],
    async handler(input, { slipway, output }) {
      const { name, 'new-name': newName } = input.arguments;
      const { warnings } = await (await slipway()).components.rename(type, name, newName);
      output.note(`Renamed the ${title} '${name}' to '${newName}'.`);
      output.warnings(warnings);
    },
  });
}
