import { componentType, componentTypeIds, UsageError } from '@slipway/core';
import { defineCommand } from '../../command/command.js';
import {
  labelChanges,
  labelChangesOption,
  noValidateOption,
  stackNames,
  stackOption,
} from '../../command/common-options.js';
import { componentOptions, componentsOf } from './component-options.js';
import { tellStackChange } from './tell-stack-change.js';

export const updateStack = defineCommand({
  path: ['stack', 'update'],
  summary: 'Give a stack other components or labels; those not named stay.',
  arguments: { name: { summary: 'Which; by default the active stack.', complete: stackNames } },
  options: { ...componentOptions, ...labelChangesOption, ...noValidateOption, ...stackOption },
  examples: ['slipway stack update -i my-builder', 'slipway stack update prod -c my-registry'],
  async handler(input, { slipway, output }) {
    const { label, 'no-validate': unchecked, ...options } = input.options;
    const components = componentsOf(options);
    if (Object.keys(components).length === 0 && label.length === 0) {
      const known = await (await slipway()).components.list();
      const named = componentTypeIds.flatMap((type) => {
        const component = known.find((candidate) => candidate.type === type);
        return component === undefined ? [] : [`-${componentType(type).letter} ${component.name}`];
      });
      throw new UsageError({
        code: 'NOTHING_TO_UPDATE',
        message: 'There is nothing to change about the stack.',
        reason: 'The command line names neither components nor labels.',
        fix: `Name at least one, such as: ${[...named, '-l team=payments'].join(', ')}`,
      });
    }
    const change = await (
      await slipway()
    ).stacks.update(input.arguments.name, components, { labels: labelChanges(label), validate: !unchecked });
    tellStackChange(output, change);
  },
});
