import { dockerCommands } from './docker-commands.js';
import { zenmlCommands } from './zenml-commands.js';

const replacements: ReadonlyMap<string, string> = new Map([
  ...Object.entries(dockerCommands),
  ...Object.entries(zenmlCommands),
]);

/**
 * What to use in place of a command that people know from other programs.
 * @param path the words after the program's name; of an option of a command, the option as the last
 * @param types the words that stand for component types, which the tables call `TYPE`
 */
export function insteadOf(path: readonly string[], types: readonly string[] = []): string | undefined {
  const [first = '', ...rest] = path.map((word) => (word.startsWith('-') ? word : word.replaceAll('_', '-')));
  return replacements.get([types.includes(first) ? 'TYPE' : first, ...rest].join(' '));
}
