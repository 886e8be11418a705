import { type ComponentType, componentType } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import { an } from '../../output/words.js';
import { attributesExample } from './attributes-example.js';

export function explainComponent(type: ComponentType): Command {
  const { command, title, letter, explanation } = componentType(type);
  return defineCommand({
    path: [command, 'explain'],
    summary: `Explain what ${an(title)} is for, and how to begin.`,
    arguments: {},
    options: {},
    examples: [`slipway ${command} explain`, `slipway ${command} flavor list`],
    async handler(_input, { slipway, output }) {
      const flavors = (await slipway()).flavors.list(type).map(({ flavor }) => flavor);
      const [first] = flavors;
      const begin = `slipway ${command} register my-${command} --flavor=${first?.name ?? 'FLAVOR'}${
        first === undefined ? '' : attributesExample(first)
      }`;
      await output.sections([
        { rows: [[explanation]] },
        { titled: true, rows: [['FLAVOR', 'ABOUT'], ...flavors.map(({ name, description }) => [name, description])] },
        {
          titled: true,
          rows: [
            ['HOW TO BEGIN', ''],
            [`slipway ${command} flavor describe FLAVOR`, 'What a flavor takes.'],
            [begin, 'Register one.'],
            [`slipway stack update -${letter} my-${command}`, 'Give it to the active stack.'],
          ],
        },
      ]);
    },
  });
}
