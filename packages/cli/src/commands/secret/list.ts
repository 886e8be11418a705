import { defineCommand, outputOptions } from '../../command/command.js';
import { secretColumns } from '../../views/secret-view.js';

export const listSecrets = defineCommand({
  path: ['secret', 'list'],
  summary: 'List the secrets with their keys and what uses them; never a value.',
  arguments: {},
  options: outputOptions(secretColumns),
  examples: ['slipway secret list', 'slipway secret list -o name'],
  async handler(input, { slipway, output }) {
    await output.list(await (await slipway()).secrets.list(), secretColumns, {
      chosen: input.options.columns,
      whenEmpty: 'There are no secrets; one is created with: slipway secret create NAME --KEY',
    });
  },
});
