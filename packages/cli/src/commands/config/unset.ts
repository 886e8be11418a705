import { defineCommand } from '../../command/command.js';
import { writeSetting } from '../../settings/settings-file.js';
import { anySettingNames, settingNamed } from '../../views/setting-view.js';

export const unsetSetting = defineCommand({
  path: ['config', 'unset'],
  summary: 'Give one of your settings its default back.',
  arguments: { key: { required: true, summary: 'Which.', complete: () => anySettingNames } },
  options: {},
  examples: ['slipway config unset output', 'slipway config unset stack'],
  async handler(input, { slipway, settings, output }) {
    const name = settingNamed(input.arguments.key);
    if (name === 'stack') await (await slipway()).stacks.activate('default');
    else await writeSetting(settings.path, name, undefined);
    output.note(`The setting '${name}' is unset.`);
  },
});
