import { defineCommand } from '../../command/command.js';
import { noValidateOption, stackNames } from '../../command/common-options.js';

export const setActiveStack = defineCommand({
  path: ['stack', 'set'],
  summary: 'Make a stack the active one, which commands use where they name none.',
  arguments: { name: { required: true, summary: 'Which.', complete: stackNames } },
  options: noValidateOption,
  examples: ['slipway stack set prod', 'slipway stack set default'],
  async handler(input, { slipway, output }) {
    const { name } = input.arguments;
    const { warnings } = await (await slipway()).stacks.activate(name, { validate: !input.options['no-validate'] });
    output.note(warnings.length === 0 ? `The stack '${name}' is active now.` : `Your active stack is '${name}' now.`);
    output.warnings(warnings);
  },
});
