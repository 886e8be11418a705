import { type ComponentType, componentType, parseAttributes, UsageError } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import {
  componentNames,
  labelChanges,
  labelChangesOption,
  noValidateOption,
  stackOption,
} from '../../command/common-options.js';
import { an } from '../../output/words.js';
import { chosenComponent } from './chosen-component.js';
import { tellChange } from './tell-change.js';

export function updateComponent(type: ComponentType): Command {
  const { command, title } = componentType(type);
  return defineCommand({
    path: [command, 'update'],
    summary: `Set attributes and labels of ${an(title)}; the others stay as they are.`,
    arguments: { name: { summary: 'Which; by default that of the active stack.', complete: componentNames(type) } },
    options: { ...labelChangesOption, ...noValidateOption, ...stackOption },
    attributes: {
      type,
      flavors: (slipway) => slipway.flavors.list(type).map(({ flavor }) => flavor),
    },
    examples: [`slipway ${command} update NAME --KEY=VALUE`, `slipway ${command} update NAME -l team=payments`],
    async handler(input, { slipway, output }) {
      const opened = await slipway();
      const { options, attributes } = input;
      const record = await chosenComponent(opened, type, input.arguments.name);
      const flavor = opened.flavors.get(type, record.flavor);
      if (Object.keys(attributes).length === 0 && options.label.length === 0) {
        throw new UsageError({
          code: 'NOTHING_TO_UPDATE',
          message: `There is nothing to change about the ${title} '${record.name}'.`,
          reason: 'The command line has neither attributes nor labels.',
          fix: `Name an attribute and its value, of: slipway ${command} flavor describe ${flavor.name}`,
        });
      }
      const change = await opened.components.update(
        type,
        record.name,
        (before) => parseAttributes(flavor, attributes, before.configuration),
        { labels: labelChanges(options.label), validate: !options['no-validate'] },
      );
      tellChange(output, flavor, change);
    },
  });
}
