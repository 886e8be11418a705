import { type ComponentType, componentType } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import { componentNames } from '../../command/common-options.js';
import { an } from '../../output/words.js';

export function deleteComponent(type: ComponentType): Command {
  const { command, title } = componentType(type);
  return defineCommand({
    path: [command, 'delete'],
    summary: `Delete ${an(title)} that no stack uses.`,
    arguments: { name: { required: true, summary: 'Which.', complete: componentNames(type) } },
    options: {},
    examples: [`slipway ${command} delete NAME`, `slipway ${command} list`],
    async handler(input, { slipway, output }) {
      const { name } = input.arguments;
      await (await slipway()).components.delete(type, name);
      output.note(`Deleted the ${title} '${name}'.`);
    },
  });
}
