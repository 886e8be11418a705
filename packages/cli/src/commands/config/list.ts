import { defineCommand, outputOptions } from '../../command/command.js';
import { anySettingNames, settingColumns, settingView } from '../../views/setting-view.js';

export const listSettings = defineCommand({
  path: ['config', 'list'],
  summary: 'List the settings, and what holds now.',
  arguments: {},
  options: {
    'show-origin': { type: 'flag', summary: 'Show where each value comes from, with the variable or the file.' },
    ...outputOptions(settingColumns),
  },
  examples: ['slipway config list', 'slipway config list --show-origin'],
  async handler(input, context) {
    const views = await Promise.all(anySettingNames.map((name) => settingView(name, context)));
    const { columns, 'show-origin': showOrigin } = input.options;
    await context.output.list(views, settingColumns, {
      chosen: columns ?? (showOrigin && context.output.format === 'table' ? 'name,value,origin,source' : undefined),
      whenEmpty: 'There are no settings.',
    });
  },
});
