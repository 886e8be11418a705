import { defineCommand, outputOptions } from '../../command/command.js';
import { secretNames } from '../../command/common-options.js';
import { secretColumns, secretSections } from '../../views/secret-view.js';

export const describeSecret = defineCommand({
  path: ['secret', 'describe'],
  summary: 'Show the keys of a secret and how to refer to them; never a value.',
  arguments: { name: { required: true, summary: 'Which.', complete: secretNames } },
  options: outputOptions(secretColumns),
  examples: ['slipway secret describe registry', 'slipway secret describe registry -o json'],
  async handler(input, { slipway, output }) {
    const secret = await (await slipway()).secrets.get(input.arguments.name);
    await output.describe(secret, secretColumns, {
      chosen: input.options.columns,
      sections: () => secretSections(secret),
    });
  },
});
