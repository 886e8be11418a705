import { type ComponentType, componentType } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import { componentNames } from '../../command/common-options.js';
import { an } from '../../output/words.js';

export function copyComponent(type: ComponentType): Command {
  const { command, title } = componentType(type);
  return defineCommand({
    path: [command, 'copy'],
    summary: `Register ${an(title)} like another.`,
    arguments: {
      name: { required: true, summary: 'Which to copy.', complete: componentNames(type) },
      'new-name': { required: true, summary: 'What the copy shall be called.' },
    },
    options: {},
    examples: [`slipway ${command} copy NAME COPY`, `slipway ${command} update COPY --KEY=VALUE`],
    async handler(input, { slipway, output }) {
      const { name, 'new-name': newName } = input.arguments;
      await (await slipway()).components.copy(type, name, newName);
      output.note(`Copied the ${title} '${name}' to '${newName}'.`);
    },
  });
}
