import type { ConfigurationField } from '@slipway/core';
import type { Command, CommandContext, Completion, OptionDefinition } from '../command/command.js';
import type { CommandTree, Noun } from '../command/command-tree.js';
import { topics } from '../command/topics.js';

/** A word that may come next. */
export interface Candidate {
  readonly word: string;
  readonly about?: string;
}

/** What may come next: words, and whether files or folders may as well. */
export interface Candidates {
  readonly words: readonly Candidate[];
  readonly paths: 'none' | 'files' | 'folders';
}

const nothing: Candidates = { words: [], paths: 'none' };

/**
 * What a shell may offer for the last word.
 * @param line the words after `slipway`; the last is being written and may be empty
 */
export async function complete(line: readonly string[], context: CommandContext): Promise<Candidates> {
  const [first] = line;
  const asked = first === 'help' && line.length > 1;
  const words = asked ? line.slice(1) : line;
  const word = words.at(-1) ?? '';
  const place = locate(context.tree, words.slice(0, -1));
  if (place === undefined) return nothing;
  const found =
    'command' in place
      ? asked
        ? nothing
        : await completeCommand(place.command, place.before, word, context)
      : { words: completeNoun(context.tree, place.noun, asked), paths: 'none' as const };
  return { ...found, words: found.words.filter((candidate) => candidate.word.startsWith(word)) };
}

function locate(
  tree: CommandTree,
  words: readonly string[],
): { command: Command; before: readonly string[] } | { noun: Noun } | undefined {
  let noun: Noun = { path: [], summary: '' };
  for (const [index, word] of words.entries()) {
    const child = tree.child(noun, word);
    if (child === undefined) return undefined;
    if ('handler' in child) {
      const below = tree.child(child, words[index + 1] ?? '');
      if (below !== undefined && 'handler' in below) return { command: below, before: words.slice(index + 2) };
      return { command: child, before: words.slice(index + 1) };
    }
    noun = child;
  }
  return { noun };
}

function completeNoun(tree: CommandTree, noun: Noun, asked: boolean): readonly Candidate[] {
  const children = tree.children(noun.path).map(({ path, summary }) => ({ word: path.at(-1) ?? '', about: summary }));
  if (noun.path.length > 0) return [...children, help];
  if (asked) return [...children, ...topics.map(({ name, summary }) => ({ word: name, about: summary }))];
  return [...children, { word: 'help', about: 'Show help.' }, help, { word: '--version', about: 'Show the version.' }];
}

const help: Candidate = { word: '--help', about: 'Show help.' };

async function completeCommand(
  command: Command,
  before: readonly string[],
  word: string,
  context: CommandContext,
): Promise<Candidates> {
  const values = (completion: Completion | undefined, prefix: string): Promise<Candidates> =>
    valuesOf(
      completion,
      { word: word.slice(prefix.length), before: wordsOf(command, before), slipway: context.slipway },
      prefix,
    );
  if (!before.includes('--')) {
    const [, written] = /^--([^=]+)=/.exec(word) ?? [];
    if (written !== undefined) return values(await completionOf(command, written, before, context), `--${written}=`);
    const last = before.at(-1) ?? '';
    if (takesNextWord(command, last))
      return values(await completionOf(command, last.replace(/^-+/, ''), before, context), '');
    if (word.startsWith('-')) return { words: await optionsOf(command, before, context), paths: 'none' };
  }
  const definitions = Object.values(command.arguments);
  const at = wordsOf(command, before).length;
  const argument = definitions[at] ?? definitions.findLast(({ several }) => several);
  return values(argument?.complete, '');
}

/** The words of the line that are neither options nor their values. */
function wordsOf(command: Command, before: readonly string[]): readonly string[] {
  return before.filter((word, index) => {
    if (word.startsWith('-')) return false;
    return !takesNextWord(command, before[index - 1] ?? '');
  });
}

function takesNextWord(command: Command, word: string): boolean {
  if (!word.startsWith('-') || word.includes('=') || word === '--') return false;
  const option = optionNamed(command, word.replace(/^-+/, ''));
  // Of attributes only booleans stand alone, and a boolean word after them is theirs.
  if (option === undefined) return command.attributes !== undefined && word.startsWith('--');
  return option.type !== 'flag';
}

function optionNamed(command: Command, written: string): OptionDefinition | undefined {
  const name = written.replaceAll('_', '-');
  return Object.entries(command.options).find(([key, { letter }]) => key === name || letter === written)?.[1];
}

async function completionOf(
  command: Command,
  written: string,
  before: readonly string[],
  context: CommandContext,
): Promise<Completion | undefined> {
  const option = optionNamed(command, written);
  if (option !== undefined) return option.choices === undefined ? option.complete : () => option.choices ?? [];
  const field = (await fieldsOf(command, before, context)).find(({ name }) => name === written.replaceAll('-', '_'));
  if (field?.type === 'boolean') return () => ['true', 'false'];
  return field?.type === 'string' && !field.secret ? 'files' : undefined;
}

async function optionsOf(
  command: Command,
  before: readonly string[],
  context: CommandContext,
): Promise<readonly Candidate[]> {
  const options = Object.entries(command.options).map(([name, { summary }]) => ({ word: `--${name}`, about: summary }));
  const fields = await fieldsOf(command, before, context);
  const attributes = fields.map(({ name, description }) => ({ word: `--${name}`, about: description }));
  const written = new Set(before.map((word) => word.split('=', 1)[0]));
  return [...options, ...attributes, help].filter((candidate) => {
    const definition = optionNamed(command, candidate.word.slice(2));
    return definition?.type === 'texts' || !written.has(candidate.word);
  });
}

/** The attributes of the flavor that the line names, or of the component; those of all flavors where it names none. */
async function fieldsOf(
  command: Command,
  before: readonly string[],
  context: CommandContext,
): Promise<readonly ConfigurationField[]> {
  if (command.attributes === undefined) return [];
  const { type } = command.attributes;
  const { flavors, components } = await context.slipway();
  const named = /(?:^|\s)(?:--flavor[= ]|-f[= ]?)(\S+)/.exec(before.join(' '))?.[1];
  const component = (await components.list(type)).find(({ name }) => name === wordsOf(command, before)[0]);
  const flavor = flavors.find(type, named ?? ('flavor' in command.options ? '' : (component?.flavor ?? '')));
  const all = flavor === undefined ? flavors.list(type).map((registered) => registered.flavor) : [flavor];
  const fields = all.flatMap(({ fields: own }) => own);
  return [...new Map(fields.map((field) => [field.name, field])).values()];
}

async function valuesOf(
  completion: Completion | undefined,
  request: { word: string; before: readonly string[]; slipway: CommandContext['slipway'] },
  prefix: string,
): Promise<Candidates> {
  if (completion === undefined) return nothing;
  if (completion === 'files' || completion === 'folders') return { words: [], paths: completion };
  const words = await completion(request);
  return { words: words.map((word) => ({ word: `${prefix}${word}` })), paths: 'none' };
}
