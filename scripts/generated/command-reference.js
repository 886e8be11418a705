import { componentType, componentTypeIds } from '@slipway/core';
import { argumentRows, optionRows, usageLine } from '../../packages/cli/dist/src/command/help.js';
import { topics } from '../../packages/cli/dist/src/command/topics.js';
import { commands, nouns } from '../../packages/cli/dist/src/commands/index.js';

const types = componentTypeIds.map((type) => componentType(type).command);

/** The page of all commands, from their definitions. */
export default function commandReference() {
  const content = [
    '# Commands',
    '<!-- Generated from the definitions of the commands by `npm run docs`. -->',
    'Every command has `--help`. What several have in common, such as how attributes are written, is in [stacks and components](stacks-and-components.md).',
    ...grouped().map(([title, about, members]) => [`## ${title}`, about, ...members.map(section)].join('\n\n')),
    ...topics.map(({ name, summary, rows, more }) =>
      [
        `## ${capital(name.replaceAll('-', ' '))}`,
        summary,
        table(
          ['', 'meaning'],
          rows.map(([what, meaning]) => [`\`${what}\``, meaning]),
        ),
        more,
      ].join('\n\n'),
    ),
  ].join('\n\n');
  return [{ path: 'docs/commands.md', content }];
}

/** Commands under their first word; those of component types once, as they are the same for each. */
function grouped() {
  const words = [...new Set(commands.map(({ path }) => path[0]))].filter((word) => !types.slice(1).includes(word));
  return words.map((word) => {
    const members = commands.filter(({ path }) => path[0] === word);
    if (word !== types[0]) return [word, nouns.find(({ path }) => path.join(' ') === word)?.summary ?? '', members];
    return [
      `${types.slice(0, -1).join(', ')} and ${types.at(-1)}`,
      `The commands of components are the same for every type; here they are for \`${word}\`.`,
      members,
    ];
  });
}

function section(command) {
  const rows = [...argumentRows(command), ...optionRows(command)].map(([word, summary]) => [
    `\`${word.trim()}\``,
    summary,
  ]);
  return [
    `### ${command.path.join(' ')}`,
    command.summary,
    `\`\`\`shell\n${usageLine(command)}\n\`\`\``,
    ...(rows.length === 0 ? [] : [table(['word or option', 'what it is'], rows)]),
    `\`\`\`shell\n${command.examples.join('\n')}\n\`\`\``,
  ].join('\n\n');
}

function table(head, rows) {
  const cell = (text) => String(text).replaceAll('|', '\\|');
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
