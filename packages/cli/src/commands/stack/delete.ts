import { componentType, componentTypeIds, type Slipway } from '@slipway/core';
import { defineCommand } from '../../command/command.js';
import { stackNames } from '../../command/common-options.js';
import { confirm } from '../../prompt/confirm.js';

export const deleteStack = defineCommand({
  path: ['stack', 'delete'],
  summary: 'Delete a stack that is not active; its components stay, unless -r is given.',
  arguments: { name: { required: true, summary: 'Which.', complete: stackNames } },
  options: {
    recursive: { type: 'flag', letter: 'r', summary: 'Delete its components too, but for those of other stacks.' },
    yes: { type: 'flag', letter: 'y', summary: 'Do not ask.' },
  },
  examples: ['slipway stack delete staging', 'slipway stack delete staging -r --yes'],
  async handler(input, context) {
    const { name } = input.arguments;
    const { recursive, yes } = input.options;
    const slipway = await context.slipway();
    if (recursive && !yes) {
      const question = `Delete the stack '${name}' and ${await componentsOf(slipway, name)}?`;
      if (
        !(await confirm(question, `Deleting the stack '${name}' with its components has to be confirmed.`, '--yes'))
      ) {
        context.output.note('Nothing was deleted.');
        return 1;
      }
    }
    const { stack, components } = await slipway.stacks.delete(name, { recursive });
    const lines = components.map((component) => `  ${componentType(component.type).title} '${component.name}'`);
    context.output.note(
      [`Deleted the stack '${stack.name}'${lines.length === 0 ? '.' : ', and:'}`, ...lines].join('\n'),
    );
    return 0;
  },
});

/** What would go with the stack, for the question. */
async function componentsOf({ stacks }: Slipway, name: string): Promise<string> {
  const stack = await stacks.get(name);
  const others = (await stacks.list()).filter((other) => other.name !== name);
  const alone = componentTypeIds.filter((type) => {
    const component = stack.components[type];
    return component !== undefined && !others.some(({ components }) => components[type] === component);
  });
  const names = alone.map((type) => `the ${componentType(type).title} '${stack.components[type] ?? ''}'`);
  return names.length === 0 ? 'no components, as other stacks have them' : names.join(', ');
}
