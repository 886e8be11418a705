import { UsageError } from '@slipway/core';
import { defineCommand } from '../../command/command.js';
import { secretNames } from '../../command/common-options.js';
import { secretValues } from './secret-values.js';

export const updateSecret = defineCommand({
  path: ['secret', 'update'],
  summary: 'Set and remove keys of a secret; the others stay as they are.',
  arguments: { name: { required: true, summary: 'Which.', complete: secretNames } },
  options: {
    remove: {
      type: 'texts',
      letter: 'r',
      placeholder: 'KEY',
      summary: 'A key to remove. May be repeated.',
      complete: async ({ before, slipway }) =>
        (await (await slipway()).secrets.list()).find(({ name }) => name === before[0])?.keys ?? [],
    },
    force: { type: 'flag', summary: 'Remove also what components refer to.' },
  },
  freeOptions: { placeholder: 'KEY', summary: 'A value: =@FILE, =- for standard input; alone, it is asked for.' },
  examples: ['slipway secret update registry --password=@token', 'slipway secret update registry --remove username'],
  async handler(input, { slipway, output }) {
    const { name } = input.arguments;
    const { remove, force } = input.options;
    const { secrets } = await slipway();
    // Nobody shall be asked for values of what is not there.
    const { keys } = await secrets.get(name);
    const [key = ''] = keys;
    if (remove.length === 0 && Object.keys(input.freeOptions).length === 0) {
      throw new UsageError({
        code: 'NOTHING_TO_UPDATE',
        message: `There is nothing to change about the secret '${name}'.`,
        reason: `Its keys: ${keys.join(', ')}.`,
        fix: `slipway secret update ${name} --${key}; or take one away: --remove=${key}`,
      });
    }
    const set = await secretValues(input.freeOptions, output);
    const { added, changed, removed } = await secrets.update(name, { set, remove, force });
    const lines = [
      ...added.map((key) => `  ${key}: added`),
      ...changed.map((key) => `  ${key}: changed`),
      ...removed.map((key) => `  ${key}: removed`),
    ];
    output.note(
      lines.length === 0
        ? `Nothing changed: the secret '${name}' was like that already.`
        : [`Updated the secret '${name}':`, ...lines].join('\n'),
    );
  },
});
