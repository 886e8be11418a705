import { nearest } from '@slipway/core';
import { defineCommand } from '../../command/command.js';
import { type SettingDefinition, settingDefinitions, type SettingName } from '../../settings/setting-definitions.js';
import { invalidSetting } from '../../settings/settings.js';
import { writeSetting } from '../../settings/settings-file.js';
import { anySettingNames, settingNamed, settingView } from '../../views/setting-view.js';

export const setSetting = defineCommand({
  path: ['config', 'set'],
  summary: 'Set one of your settings.',
  arguments: {
    key: { required: true, summary: 'Which.', complete: () => anySettingNames },
    value: {
      required: true,
      summary: 'What to.',
      complete: async ({ before, slipway }) => {
        const [key = ''] = before;
        if (key === 'stack') return (await (await slipway()).stacks.list()).map(({ name }) => name);
        return Object.hasOwn(settingDefinitions, key) ? settingDefinitions[key as SettingName].choices : [];
      },
    },
  },
  options: {},
  examples: ['slipway config set output json', 'slipway config set stack prod'],
  async handler(input, context) {
    const name = settingNamed(input.arguments.key);
    const { value } = input.arguments;
    if (name === 'stack') {
      await (await context.slipway()).stacks.activate(value);
    } else {
      const definition: SettingDefinition = settingDefinitions[name];
      const fix = `slipway config set ${name} ${nearest(value, definition.choices) ?? definition.default}`;
      if (!definition.choices.includes(value)) throw invalidSetting(name, value, definition, fix);
      await writeSetting(context.settings.path, name, value);
    }
    context.output.note(`The setting '${name}' is '${value}' now.`);
    const { origin, source, value: holding } = await settingView(name, context);
    if (origin === 'environment' || origin === 'project') {
      context.output.warning({
        message: `It does not count here: ${source ?? origin} says '${holding}'.`,
        reason: 'The environment and the project come before your settings.',
      });
    }
  },
});
