import { parseArgs } from 'node:util';
import { type FlavorDescription, isBooleanWord, nearest, suggestion, UsageError } from '@slipway/core';
import { collectAttributes } from './collect-attributes.js';
import type { Arguments, Command, Input, OptionDefinition, Options } from './command.js';
import { usageLine } from './help.js';
import { missingValue } from './missing-value.js';
import { insteadOf } from './instead-of.js';

/** An option or a word as `parseArgs` saw it. */
export type Token = NonNullable<ReturnType<typeof tokenize>>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;
type OptionValues = Record<string, string | boolean | readonly string[] | undefined>;

/**
 * Takes the arguments of one command apart. Options may stand anywhere, with hyphens or underscores.
 * @param flavorsOf asked only where the command takes attributes
 * @throws UsageError `UNKNOWN_OPTION`, `REPEATED_OPTION`, `MISSING_VALUE`, `INVALID_OPTION`, `MISSING_OPTION`,
 * `MISSING_ARGUMENT`, `UNEXPECTED_ARGUMENT`, and those of attributes
 */
export async function parseCommandLine(
  command: Command,
  args: readonly string[],
  flavorsOf: (options: OptionValues) => Promise<readonly FlavorDescription[]>,
): Promise<Input<Arguments, Options>> {
  const tokens = tokenize(command, args);
  const options: OptionValues = {};
  const others: Token[] = [];
  const freeOptions: Record<string, string | true> = {};
  for (const token of tokens) {
    const name = token.kind === 'option' ? optionName(command, token) : undefined;
    const definition = name === undefined ? undefined : command.options[name];
    if (token.kind === 'option' && name !== undefined && definition !== undefined) {
      addOption(options, name, definition, token);
    } else if (token.kind === 'option' && command.hyphenatedWords && isBareOption(token)) {
      others.push({ kind: 'positional', index: token.index, value: token.name });
    } else if (token.kind === 'option' && command.freeOptions !== undefined && token.rawName.startsWith('--')) {
      if (Object.hasOwn(freeOptions, token.name)) throw repeatedOption(token.name);
      // Without `=` nothing is taken: the next word may be the name.
      freeOptions[token.name] = token.value ?? true;
    } else if (token.kind === 'option' && (command.attributes === undefined || !token.rawName.startsWith('--'))) {
      throw unknownOption(command, token);
    } else {
      others.push(token);
    }
  }
  for (const [name, definition] of Object.entries(command.options)) {
    if (!definition.required || options[name] !== undefined) continue;
    // Where attributes are taken, a misspelt option looks like one of them.
    const misspelt = others.find((token) => token.kind === 'option' && nearest(token.name, [name]) !== undefined);
    if (misspelt?.kind === 'option') throw unknownOption(command, misspelt);
  }
  const flavors = command.attributes === undefined ? [] : await flavorsOf(options);
  const { attributes, words } = await collectAttributes(others, flavors);
  for (const [name, definition] of Object.entries(command.options)) {
    if (definition.type === 'texts') options[name] ??= [];
    if (definition.type === 'flag' && definition.negatable === undefined) options[name] ??= false;
    if (definition.required && options[name] === undefined) throw missing(command, 'MISSING_OPTION', `--${name}`);
  }
  return {
    arguments: assignWords(command, words),
    options,
    attributes,
    freeOptions,
  };
}

function tokenize(command: Command, args: readonly string[]) {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {};
  for (const [name, { type, letter, negatable }] of Object.entries(command.options)) {
    const option = { type: type === 'flag' ? ('boolean' as const) : ('string' as const) };
    options[name.replaceAll('-', '_')] = option;
    options[name] = letter === undefined ? option : { ...option, short: letter };
    if (negatable) options[`no-${name}`] = options[`no_${name.replaceAll('-', '_')}`] = option;
  }
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function isBareOption({ rawName, value }: OptionToken): boolean {
  return rawName.startsWith('--') && value === undefined;
}

function optionName(command: Command, token: OptionToken): string | undefined {
  const name = token.name.replaceAll('_', '-');
  const positive = name.replace(/^no-/, '');
  if (Object.hasOwn(command.options, name)) return name;
  return Object.hasOwn(command.options, positive) && command.options[positive]?.negatable ? positive : undefined;
}

function addOption(options: OptionValues, name: string, definition: OptionDefinition, token: OptionToken): void {
  const earlier = options[name];
  if (earlier !== undefined && definition.type === 'text') {
    throw repeatedOption(name);
  }
  if (definition.type === 'flag') {
    const isNegated = token.name.replaceAll('_', '-') !== name;
    options[name] = flagValue(token.name, token.value) !== isNegated;
    return;
  }
  const value = optionValue(name, token);
  const { choices } = definition;
  if (choices !== undefined && !choices.includes(value)) {
    throw new UsageError({
      code: 'INVALID_OPTION',
      message: `The option '--${name}' cannot be '${value}'.`,
      reason: suggestion(value, choices),
    });
  }
  options[name] = definition.type === 'text' ? value : [...((earlier as readonly string[] | undefined) ?? []), value];
}

function optionValue(name: string, token: OptionToken): string {
  const { value, inlineValue } = token;
  if (typeof value !== 'string' || (inlineValue !== true && /^-./.test(value))) throw missingValue(name);
  return inlineValue === true && !token.rawName.startsWith('--') ? value.replace(/^=/, '') : value;
}

function flagValue(name: string, value: string | boolean | undefined): boolean {
  if (typeof value !== 'string') return true;
  if (isBooleanWord(value)) return /^(true|yes|on|1)$/i.test(value);
  throw new UsageError({ code: 'INVALID_OPTION', message: `The option '--${name}' takes no value but true or false.` });
}

function repeatedOption(name: string): UsageError {
  return new UsageError({ code: 'REPEATED_OPTION', message: `The option '--${name}' is there twice.` });
}

function unknownOption(command: Command, token: OptionToken): UsageError {
  const names = Object.entries(command.options).flatMap(([name, { negatable }]) =>
    negatable ? [name, `no-${name}`] : name,
  );
  const near = nearest(token.name, names);
  return new UsageError({
    code: 'UNKNOWN_OPTION',
    message: `'slipway ${command.path.join(' ')}' has no option '${token.rawName}'.`,
    reason:
      insteadOf([...command.path, token.rawName]) ?? (near === undefined ? undefined : `Did you mean '--${near}'?`),
    fix: `slipway ${command.path.join(' ')} --help`,
  });
}

function missing(command: Command, code: 'MISSING_ARGUMENT' | 'MISSING_OPTION', name: string): UsageError {
  return new UsageError({
    code,
    message: `'slipway ${command.path.join(' ')}' needs ${name}.`,
    fix: usageLine(command),
  });
}

function assignWords(command: Command, words: readonly string[]): Input<Arguments, Options>['arguments'] {
  const left = [...words];
  const values: Record<string, string | readonly string[] | undefined> = {};
  for (const [name, definition] of Object.entries(command.arguments)) {
    if (definition.required && left.length === 0) throw missing(command, 'MISSING_ARGUMENT', name.toUpperCase());
    values[name] = definition.several ? left.splice(0) : left.shift();
  }
  if (left.length === 0) return values as Input<Arguments, Options>['arguments'];
  const quotable = command.attributes === undefined && command.freeOptions === undefined;
  throw new UsageError({
    code: 'UNEXPECTED_ARGUMENT',
    // A word too many beside attributes may be the second half of a password.
    message: quotable ? `'${left[0]}' is a word too many.` : 'There is a word too many.',
    reason: quotable
      ? undefined
      : command.freeOptions === undefined
        ? 'A value with spaces needs quotes.'
        : 'A value stands after =, without a space.',
    fix: usageLine(command),
  });
}
