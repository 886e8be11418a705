import { type ComponentType, componentType, parseAttributes, UsageError } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import { an } from '../../output/words.js';
import { changedAttributes } from '../../views/changed-attributes.js';

export function updateComponent(type: ComponentType): Command {
  const { command, title } = componentType(type);
  return defineCommand({
    path: [command, 'update'],
    summary: `Set attributes of ${an(title)}; the others stay as they are.`,
    arguments: { name: { required: true, summary: 'Which.' } },
    options: {},
    attributes: {
      type,
      flavors: (slipway) => slipway.flavors.list(type).map(({ flavor }) => flavor),
    },
    examples: [`slipway ${command} update NAME --KEY=VALUE`, `slipway ${command} update NAME --KEY=@FILE`],
    async handler(input, { slipway, output }) {
      const { flavors, components } = await slipway();
      const { name } = input.arguments;
      const flavor = flavors.get(type, (await components.get(type, name)).flavor);
      if (Object.keys(input.attributes).length === 0) {
        throw new UsageError({
          code: 'NOTHING_TO_UPDATE',
          message: `There is nothing to change about the ${title} '${name}'.`,
          reason: 'The command line has no attributes.',
          fix: `slipway ${command} update ${name} --KEY=VALUE; the attributes: slipway ${command} flavor describe ${flavor.name}`,
        });
      }
      const change = await components.update(type, name, parseAttributes(flavor, input.attributes));
      const lines = changedAttributes(flavor.fields, change);
      output.note(
        lines.length === 0
          ? `The ${title} '${name}' was so already.`
          : [`Updated the ${title} '${name}':`, ...lines].join('\n'),
      );
    },
  });
}
