import { defineCommand } from '../../command/command.js';
import { secretValues } from './secret-values.js';

export const createSecret = defineCommand({
  path: ['secret', 'create'],
  summary: 'Keep a secret, to which attributes of components refer as {{NAME.KEY}}.',
  arguments: { name: { required: true, summary: 'What it shall be called.' } },
  options: {},
  freeOptions: { placeholder: 'KEY', summary: 'A value: =@FILE, =- for standard input; alone, it is asked for.' },
  examples: [
    'slipway secret create registry --password',
    'slipway secret create registry --username=@user --password=-',
  ],
  async handler(input, { slipway, output }) {
    const { secrets } = await slipway();
    const { name, keys } = await secrets.create(input.arguments.name, await secretValues(input.freeOptions, output));
    output.note(`Created the secret '${name}'. Refer to it as ${keys.map((key) => `{{${name}.${key}}}`).join(', ')}.`);
  },
});
