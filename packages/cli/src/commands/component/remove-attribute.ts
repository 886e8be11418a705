import { attributeName, type ComponentType, componentType } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import { componentNames, noValidateOption } from '../../command/common-options.js';
import { an } from '../../output/words.js';
import { tellChange } from './tell-change.js';

export function removeAttribute(type: ComponentType): Command {
  const { command } = componentType(type);
  return defineCommand({
    path: [command, 'remove-attribute'],
    summary: `Take back attributes of ${an(componentType(type).title)} that were set; their defaults hold then.`,
    arguments: {
      name: { required: true, summary: 'Which.', complete: componentNames(type) },
      attributes: {
        required: true,
        several: true,
        summary: 'Their names, with or without --.',
        async complete({ before, slipway }) {
          const { components } = await slipway();
          const record = (await components.list(type)).find(({ name }) => name === before[0]);
          return Object.keys(record?.configuration ?? {});
        },
      },
    },
    hyphenatedWords: true,
    options: noValidateOption,
    examples: [
      `slipway ${command} remove-attribute NAME ATTRIBUTE`,
      `slipway ${command} remove-attribute NAME --ATTRIBUTE --OTHER`,
    ],
    async handler(input, { slipway, output }) {
      const { flavors, components } = await slipway();
      const { name, attributes } = input.arguments;
      const flavor = flavors.get(type, (await components.get(type, name)).flavor);
      const known = flavor.fields.map((field) => field.name);
      // As it was written where it is none, so that the message says what the person said.
      const names = attributes.map((word) => (known.includes(attributeName(word)) ? attributeName(word) : word));
      const change = await components.removeAttributes(type, name, [...new Set(names)], {
        validate: !input.options['no-validate'],
      });
      tellChange(output, flavor, change);
    },
  });
}
