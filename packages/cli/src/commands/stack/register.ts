import { defineCommand } from '../../command/command.js';
import { labelOption, labels, noValidateOption } from '../../command/common-options.js';
import { componentOptions, componentsOf } from './component-options.js';

export const registerStack = defineCommand({
  path: ['stack', 'register'],
  summary: 'Register a stack of components that work together.',
  arguments: { name: { required: true, summary: 'What it shall be called.' } },
  options: {
    ...componentOptions,
    set: { type: 'flag', summary: 'Make it the active stack.' },
    ...labelOption,
    ...noValidateOption,
  },
  examples: [
    'slipway stack register prod -i my-builder -c my-registry --set',
    'slipway stack register prod --image-builder=my-builder -l team=payments',
  ],
  async handler(input, { slipway, output }) {
    const { name } = input.arguments;
    const { stacks } = await slipway();
    const { set, label, 'no-validate': unchecked, ...components } = input.options;
    await stacks.register(name, componentsOf(components), {
      activate: set,
      labels: labels(label),
      validate: !unchecked,
    });
    const active = await stacks.active();
    output.note(`Registered the stack '${name}'${set && active.name === name ? '; it is active now' : ''}.`);
    if (set && active.name !== name) output.warnings((await stacks.activate(name, { validate: false })).warnings);
  },
});
