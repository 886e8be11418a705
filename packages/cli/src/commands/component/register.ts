import { type ComponentType, componentType, type FlavorDescription, parseAttributes, UsageError } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import { flavorNames, labelOption, labels } from '../../command/common-options.js';
import { an } from '../../output/words.js';
import { fullExample } from './attributes-example.js';

export function registerComponent(type: ComponentType): Command {
  const { command, title } = componentType(type);
  const exampleOf = (flavor: FlavorDescription): string =>
    `slipway ${command} register my-${command} --flavor=${flavor.name}${fullExample(flavor)}`;
  return defineCommand({
    path: [command, 'register'],
    summary: `Register ${an(title)}.`,
    arguments: { name: { required: true, summary: 'What it shall be called.' } },
    options: {
      flavor: {
        type: 'text',
        letter: 'f',
        placeholder: 'FLAVOR',
        required: true,
        summary: `The kind of ${title}.`,
        complete: flavorNames(type),
      },
      ...labelOption,
    },
    attributes: {
      type,
      example: exampleOf,
      flavors(slipway, { flavor }) {
        if (flavor !== undefined) return [slipway.flavors.get(type, flavor)];
        const flavors = slipway.flavors.list(type).map((registered) => registered.flavor);
        const [first] = flavors;
        throw new UsageError({
          code: 'MISSING_FLAVOR',
          message: `Registering ${an(title)} takes a name and a flavor.`,
          reason:
            first === undefined
              ? `There is no ${title} flavor.`
              : `Flavors: ${flavors.map(({ name }) => name).join(', ')}.`,
          fix: first === undefined ? 'slipway plugin list' : exampleOf(first),
        });
      },
    },
    examples: [
      `slipway ${command} register my-${command} --flavor=FLAVOR --KEY=@FILE`,
      `slipway ${command} register --flavor=FLAVOR --help`,
    ],
    async handler(input, { slipway, output }) {
      const { flavors, components } = await slipway();
      const { name } = input.arguments;
      const flavor = flavors.get(type, input.options.flavor);
      const configuration = parseAttributes(flavor, input.attributes);
      const { warnings } = await components.register({
        type,
        flavor: flavor.name,
        name,
        configuration,
        labels: labels(input.options.label),
      });
      output.note(`Registered the ${title} '${name}'.`);
      output.warnings(warnings);
    },
  });
}
