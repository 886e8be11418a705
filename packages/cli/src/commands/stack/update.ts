import { componentType, componentTypeIds, UsageError } from '@slipway/core';
import { defineCommand } from '../../command/command.js';
import { componentOptions, componentsOf } from './component-options.js';

export const updateStack = defineCommand({
  path: ['stack', 'update'],
  summary: 'Give a stack other components; those not named stay.',
  arguments: { name: { summary: 'Which; by default the active stack.' } },
  options: componentOptions,
  examples: ['slipway stack update -i my-builder', 'slipway stack update prod -c my-registry'],
  async handler(input, { slipway, output }) {
    const components = componentsOf(input.options);
    if (Object.keys(components).length === 0) {
      throw new UsageError({
        code: 'NOTHING_TO_UPDATE',
        message: 'There is nothing to change about the stack.',
        reason: 'The command line names no components.',
        fix: `Name at least one: ${componentTypeIds.map((type) => `-${componentType(type).letter} NAME`).join(', ')}`,
      });
    }
    const { after } = await (await slipway()).stacks.update(input.arguments.name, components);
    output.note(`Updated the stack '${after.name}'.`);
  },
});
