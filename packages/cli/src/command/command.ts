import type { ComponentType, Flavor, Slipway, TextAttributes } from '@slipway/core';
import type { Output } from '../output/output.js';

/** A word of a command line, by position. */
interface ArgumentDefinition {
  readonly summary: string;
  readonly required?: boolean;
  /** Takes all words that are left. */
  readonly several?: boolean;
}

export interface OptionDefinition {
  /** `texts` may be repeated; `flag` takes no value. */
  readonly type: 'text' | 'texts' | 'flag';
  readonly summary: string;
  readonly letter?: string;
  /** Stands for the value in help, e.g. `FILE`. */
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  readonly required?: boolean;
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
}

/** What a command works with. */
export interface CommandContext {
  readonly output: Output;
  /** Loads plugins and opens the store; once, however often it is called. */
  readonly slipway: () => Promise<Slipway>;
}

/** Makes a command take `--key=value` for the fields of a flavor. */
interface AttributesDefinition<O extends Options> {
  readonly type: ComponentType;
  /** A command line for help, with what the flavor needs. */
  example?(flavor: Flavor): string;
  /** The flavors whose fields may be written. They decide which attributes need no value. */
  flavors(slipway: Slipway, options: Partial<Input<Arguments, O>['options']>): readonly Flavor[];
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

/** For what lists and describes. */
export const outputOption = {
  output: {
    type: 'text',
    letter: 'o',
    placeholder: 'FORMAT',
    choices: ['table', 'json'],
    summary: 'How to print: table (default) or json.',
  },
} as const;
