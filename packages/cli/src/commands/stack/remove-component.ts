import { UsageError } from '@slipway/core';
import { defineCommand } from '../../command/command.js';
import { noValidateOption, stackNames, stackOption } from '../../command/common-options.js';
import { componentFlags, componentLetters, typesOf } from './component-options.js';
import { tellStackChange } from './tell-stack-change.js';

export const removeComponent = defineCommand({
  path: ['stack', 'remove-component'],
  summary: 'Take components out of a stack; they stay registered.',
  arguments: { name: { summary: 'Which stack; by default the active one.', complete: stackNames } },
  options: { ...componentFlags, ...noValidateOption, ...stackOption },
  examples: ['slipway stack remove-component -c', 'slipway stack remove-component prod --image-builder'],
  async handler(input, { slipway, output }) {
    const { 'no-validate': unchecked, ...flags } = input.options;
    const types = typesOf(flags);
    if (types.length === 0) {
      throw new UsageError({
        code: 'NOTHING_TO_UPDATE',
        message: 'There is nothing to take out of the stack.',
        reason: 'The command line names no types of components.',
        fix: `Name at least one: ${componentLetters()}`,
      });
    }
    const change = await (
      await slipway()
    ).stacks.removeComponents(input.arguments.name, types, { validate: !unchecked });
    tellStackChange(output, change);
  },
});
