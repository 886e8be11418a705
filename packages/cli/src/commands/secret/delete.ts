import { defineCommand } from '../../command/command.js';
import { secretNames } from '../../command/common-options.js';
import { confirm } from '../../prompt/confirm.js';

export const deleteSecret = defineCommand({
  path: ['secret', 'delete'],
  summary: 'Delete a secret that no component refers to.',
  arguments: { name: { required: true, summary: 'Which.', complete: secretNames } },
  options: {
    yes: { type: 'flag', letter: 'y', summary: 'Do not ask.' },
    force: { type: 'flag', summary: 'Delete it though components refer to it.' },
  },
  examples: ['slipway secret delete registry', 'slipway secret delete registry --yes'],
  async handler(input, { slipway, output }) {
    const { name } = input.arguments;
    const { yes, force } = input.options;
    const { secrets } = await slipway();
    const { keys } = await secrets.get(name);
    const question = `Delete the secret '${name}' (${keys.join(', ')})? Its values cannot be brought back.`;
    if (!yes && !(await confirm(question, `Deleting the secret '${name}' has to be confirmed.`, '--yes'))) {
      output.note('Nothing was deleted.');
      return 1;
    }
    await secrets.delete(name, { force });
    output.note(`Deleted the secret '${name}'.`);
    return 0;
  },
});
