import { defineCommand } from '../../command/command.js';
import { componentOptions, componentsOf } from './component-options.js';

export const registerStack = defineCommand({
  path: ['stack', 'register'],
  summary: 'Register a stack of components that work together.',
  arguments: { name: { required: true, summary: 'What it shall be called.' } },
  options: { ...componentOptions, set: { type: 'flag', summary: 'Make it the active stack.' } },
  examples: [
    'slipway stack register prod -i my-builder -c my-registry --set',
    'slipway stack register prod --image-builder=my-builder --container-registry=my-registry',
  ],
  async handler(input, { slipway, output }) {
    const { name } = input.arguments;
    const activate = input.options['set'] === true;
    await (await slipway()).stacks.register(name, componentsOf(input.options), { activate });
    output.note(`Registered the stack '${name}'${activate ? '; it is active now' : ''}.`);
  },
});
