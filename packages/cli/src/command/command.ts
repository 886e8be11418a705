import type { ComponentType, FlavorDescription, Slipway, TextAttributes } from '@slipway/core';
import type { Column } from '../output/column.js';
import { type Output, outputFormats } from '../output/output.js';
import type { Settings } from '../settings/settings.js';
import type { CommandTree } from './command-tree.js';

/** What a person has written when asking what may come next. */
export interface CompletionRequest {
  /** The beginning of the word, which what is suggested need not have. */
  readonly word: string;
  /** The words before it, without those that call the command. */
  readonly before: readonly string[];
  readonly slipway: () => Promise<Slipway>;
}

/** What may stand somewhere: files, folders, or these words. */
export type Completion =
  'files' | 'folders' | ((request: CompletionRequest) => readonly string[] | Promise<readonly string[]>);

/** A word of a command line, by position. */
interface ArgumentDefinition {
  readonly summary: string;
  readonly required?: boolean;
  /** Takes all words that are left. */
  readonly several?: boolean;
  readonly complete?: Completion;
}

export interface OptionDefinition {
  /** `texts` may be repeated; `flag` takes no value. */
  readonly type: 'text' | 'texts' | 'flag';
  /** Of a flag: there is also `--no-NAME`, and where neither is given the option is undefined. */
  readonly negatable?: true;
  readonly summary: string;
  readonly letter?: string;
  /** Stands for the value in help, e.g. `FILE`. */
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  readonly required?: boolean;
  /** Of what `choices` does not name. */
  readonly complete?: Completion;
}

export type Arguments = Readonly<Record<string, ArgumentDefinition>>;
export type Options = Readonly<Record<string, OptionDefinition>>;

type ArgumentValue<Definition> = Definition extends { several: true }
  ? readonly string[]
  : Definition extends { required: true }
    ? string
    : string | undefined;

type OptionValue<Definition> = OptionDefinition extends Definition
  ? string | boolean | readonly string[] | undefined
  : Definition extends { type: 'flag'; negatable: true }
    ? boolean | undefined
    : Definition extends { type: 'flag' }
      ? boolean
      : Definition extends { type: 'texts' }
        ? readonly string[]
        : Definition extends { required: true }
          ? string
          : string | undefined;

/** A command line, taken apart. Names of options are those of the definition, with hyphens. */
export interface Input<A extends Arguments, O extends Options> {
  readonly arguments: { readonly [Name in keyof A]: ArgumentValue<A[Name]> };
  readonly options: { readonly [Name in keyof O]: OptionValue<O[Name]> };
  /** `--key=value` of a component, under the names of its flavor's fields; files are read. */
  readonly attributes: TextAttributes;
  /** What stands as options of any name, where the command takes such. */
  readonly freeOptions: FreeOptions;
}

/** Values as they are written after `=`, by name; true where there is none. */
export type FreeOptions = Readonly<Record<string, string | true>>;

/** What a command works with. */
export interface CommandContext {
  readonly output: Output;
  readonly settings: Settings;
  /** All commands, for what tells about them. */
  readonly tree: CommandTree;
  /** Loads plugins and opens the store, with the stack of `--stack` as the active one; once, however often it is called. */
  readonly slipway: () => Promise<Slipway>;
}

/** Makes a command take `--key=value` for the fields of a flavor. */
interface AttributesDefinition<O extends Options> {
  readonly type: ComponentType;
  /** A command line for help, with what the flavor needs. */
  example?(flavor: FlavorDescription): string;
  /** The flavors whose fields may be written. They decide which attributes need no value. */
  flavors(slipway: Slipway, options: Partial<Input<Arguments, O>['options']>): readonly FlavorDescription[];
}

/** A command as data: parsing, help and suggestions follow from it. */
export interface CommandDefinition<A extends Arguments, O extends Options> {
  /** The words that call it, e.g. `['stack', 'list']`. */
  readonly path: readonly string[];
  /** One sentence. */
  readonly summary: string;
  readonly arguments: A;
  readonly options: O;
  readonly attributes?: AttributesDefinition<O>;
  /** Makes a command take `--KEY=VALUE` and `--KEY` for any key. */
  readonly freeOptions?: { readonly placeholder: string; readonly summary: string };
  /** Whether a word may be written as an option, `--uri` for `uri`: names of attributes look so elsewhere. */
  readonly hyphenatedWords?: boolean;
  /** Whole command lines. */
  readonly examples: readonly string[];
  /** @returns an exit code where it is not 0 */
  handler(input: Input<A, O>, context: CommandContext): Promise<number | void>;
}

export type Command = CommandDefinition<Arguments, Options>;

/** Types a command; its handler gets arguments and options as the definition declares them. */
export function defineCommand<const A extends Arguments, const O extends Options>(
  definition: CommandDefinition<A, O>,
): Command {
  return definition;
}

/** For what prints one thing. */
export const outputOption = {
  output: {
    type: 'text',
    letter: 'o',
    placeholder: 'FORMAT',
    choices: outputFormats,
    summary: `How to print: ${outputFormats.join(', ')}.`,
  },
} as const;

/** For what lists and describes. */
export function outputOptions<Item>(
  columns: readonly Column<Item>[],
): typeof outputOption & { readonly columns: OptionDefinition & { readonly type: 'text' } } {
  const names = columns.map(({ name }) => name);
  return {
    ...outputOption,
    columns: {
      type: 'text',
      placeholder: 'A,B',
      summary: `Only these, or all: ${names.join(', ')}.`,
      complete: ({ word }: CompletionRequest) => {
        const written = word.slice(0, word.lastIndexOf(',') + 1);
        return [...names, 'all'].map((name) => `${written}${name}`);
      },
    },
  };
}
