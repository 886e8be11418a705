import { componentType, componentTypeIds, nearest, suggestion, UsageError } from '@slipway/core';
import type { Command } from './command.js';
import { insteadOf } from './instead-of.js';
import { sameMeaning } from './same-meaning.js';

const types = componentTypeIds.map((type) => componentType(type).command);

/** A word under which commands are grouped, e.g. `stack`. */
export interface Noun {
  readonly path: readonly string[];
  readonly summary: string;
}

/** What the first words of a command line name. */
export type Target =
  { readonly command: Command; readonly rest: readonly string[] } | { readonly noun: Noun; readonly help: true };

/** All commands, found by the words that call them. */
export class CommandTree {
  constructor(
    readonly commands: readonly Command[],
    readonly nouns: readonly Noun[],
  ) {}

  /** What may follow the words of a noun, in the order of the definitions. */
  children(path: readonly string[]): readonly (Noun | Command)[] {
    return [...this.nouns, ...this.commands].filter(
      (entry) => entry.path.length === path.length + 1 && path.every((word, index) => entry.path[index] === word),
    );
  }

  /** What a word calls below a noun, with hyphens or underscores. */
  child(noun: Pick<Noun, 'path'>, word: string): Noun | Command | undefined {
    return this.children(noun.path).find(({ path }) => path.at(-1) === word.replaceAll('_', '-'));
  }

  /** @throws UsageError `UNKNOWN_COMMAND`, `UNKNOWN_OPTION` */
  find(args: readonly string[]): Target {
    let noun: Noun = { path: [], summary: '' };
    for (const [index, word] of args.entries()) {
      if (word === '--help' || word === '-h') break;
      const child = this.child(noun, word);
      if (child === undefined) throw word.startsWith('-') ? misplacedOption(noun, word) : this.#unknown(noun, word);
      // A command may have others below it, such as `doctor store`.
      const goesOn = this.children(child.path).some(({ path }) => path.at(-1) === args[index + 1]);
      if ('handler' in child && !goesOn) return { command: child, rest: args.slice(index + 1) };
      noun = child;
    }
    return { noun, help: true };
  }

  #unknown(noun: Noun, word: string): UsageError {
    const words = this.children(noun.path).map(({ path }) => path.at(-1) ?? '');
    const line = ['slipway', ...noun.path, word].join(' ');
    const elsewhere = this.commands.find(({ path }) => path.length > 1 && path.join(' ') === word.replaceAll('-', ' '));
    const near = sameMeaning(word, words) ?? nearest(word, words);
    const instead = insteadOf([...noun.path, word], types);
    if (instead !== undefined) {
      return new UsageError({ code: 'UNKNOWN_COMMAND', message: `There is no command '${line}'.`, reason: instead });
    }
    const meant = elsewhere?.path.join(' ') ?? near;
    return new UsageError({
      code: 'UNKNOWN_COMMAND',
      message: `There is no command '${line}'.`,
      reason: meant === undefined ? suggestion(word, words) : `Did you mean '${meant}'?`,
      fix: ['slipway', ...noun.path, ...(near === undefined ? [] : [near]), '--help'].join(' '),
    });
  }
}

function misplacedOption(noun: Noun, word: string): UsageError {
  const path = ['slipway', ...noun.path].join(' ');
  const [option = ''] = word.split('=', 1);
  const near = nearest(option, ['--help', '--version', '--no-color']);
  return new UsageError({
    code: 'UNKNOWN_OPTION',
    message: `'${path}' has no option '${option}'.`,
    reason: near === undefined ? 'Options stand after the command.' : `Did you mean '${near}'?`,
    fix: `${path} --help`,
  });
}
