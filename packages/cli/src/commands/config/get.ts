import { defineCommand, outputOption } from '../../command/command.js';
import { anySettingNames, settingColumns, settingNamed, settingView } from '../../views/setting-view.js';

export const getSetting = defineCommand({
  path: ['config', 'get'],
  summary: 'Print what holds of one setting.',
  arguments: { key: { required: true, summary: 'Which.', complete: () => anySettingNames } },
  options: {
    'show-origin': { type: 'flag', summary: 'Say on standard error where the value comes from.' },
    ...outputOption,
  },
  examples: ['slipway config get output', 'slipway config get stack --show-origin'],
  async handler(input, context) {
    const { output } = context;
    const view = await settingView(settingNamed(input.arguments.key), context);
    if (output.format === 'json' || output.format === 'yaml') {
      await output.describe(view, settingColumns, { sections: () => [] });
      return;
    }
    output.data(view.value);
    if (!input.options['show-origin']) return;
    output.note(view.source === null ? `From: ${view.origin}` : `From: ${view.origin} (${view.source})`);
  },
});
