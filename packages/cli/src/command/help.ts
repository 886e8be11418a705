import { componentType, type ConfigurationField, type FlavorDescription } from '@slipway/core';
import { table } from '../output/table.js';
import type { Command, OptionDefinition } from './command.js';
import type { CommandTree, Noun } from './command-tree.js';
import { type Topic, topics } from './topics.js';

// Help is one screen: of a flavor with more attributes than that, the first are explained and the others named.
const mostAttributes = 14;
const shownOfMany = 2;

/** How a command is called, in one line. */
export function usageLine(command: Command): string {
  const words = Object.entries(command.arguments).map(([name, { required, several }]) => {
    const word = name.toUpperCase() + (several ? '…' : '');
    return required ? word : `[${word}]`;
  });
  const options = Object.entries(command.options);
  const required = options.filter(([, option]) => option.required).map(([name, option]) => longOption(name, option));
  return [
    'slipway',
    ...command.path,
    ...words,
    ...required,
    ...(command.attributes === undefined && command.freeOptions === undefined ? [] : ['[--KEY=VALUE…]']),
    ...(options.some(([, option]) => !option.required) ? ['[OPTIONS]'] : []),
  ].join(' ');
}

export interface HelpOptions {
  /** Those of the component type, where the command takes attributes. */
  readonly flavors?: readonly FlavorDescription[];
  /** The flavor whose attributes are shown. */
  readonly chosen?: FlavorDescription | undefined;
  /** The columns of the terminal; nothing is folded unless given. */
  readonly width?: number | undefined;
}

/** The words that a command takes by their places, each with what it is. */
export function argumentRows(command: Command): readonly (readonly [word: string, summary: string])[] {
  return Object.entries(command.arguments).map(([name, { summary }]) => [name.toUpperCase(), summary]);
}

/** The options of a command, as they are written, each with what it does; all but `--help`, which every command has. */
export function optionRows(command: Command): readonly (readonly [written: string, summary: string])[] {
  const options = Object.entries(command.options).map(([name, option]): [string, string] => [
    `${option.letter === undefined ? '   ' : `-${option.letter},`} ${longOption(name, option)}`,
    option.summary,
  ]);
  const free = command.freeOptions;
  return free === undefined ? options : [[`    --${free.placeholder}[=VALUE]`, free.summary], ...options];
}

/** One screen about a command. */
export function commandHelp(command: Command, { flavors = [], chosen, width }: HelpOptions = {}): string {
  const indented = (rows: readonly (readonly string[])[]): readonly (readonly string[])[] =>
    rows.map(([word = '', ...rest]) => [`  ${word}`, ...rest]);
  return sections([
    command.summary,
    `Usage: ${usageLine(command)}`,
    titled('Arguments:', indented(argumentRows(command)), width),
    titled('Options:', indented([...optionRows(command), ['-h, --help', 'Show this help.']]), width),
    attributesHelp(command, flavors, chosen, width),
    ['Examples:', ...examplesOf(command, flavors, chosen).map((example) => `  ${example}`)].join('\n'),
  ]);
}

function examplesOf(
  command: Command,
  flavors: readonly FlavorDescription[],
  chosen: FlavorDescription | undefined,
): readonly string[] {
  const [flavor] = chosen === undefined ? flavors : [chosen];
  const example = flavor === undefined ? undefined : command.attributes?.example?.(flavor);
  // Who has named a flavor needs no example of how to.
  const others = chosen === undefined || example === undefined ? command.examples : command.examples.slice(0, 1);
  return [...(example === undefined ? [] : [example]), ...others];
}

/** One screen about what can follow the words of a noun; of no words: about everything. */
export function nounHelp(tree: CommandTree, noun: Noun, width?: number): string {
  const root = noun.path.length === 0;
  const entries = tree.children(noun.path).map(({ path, summary }) => [`  ${path.at(-1)}`, summary]);
  const start = ['slipway', ...noun.path].join(' ');
  return sections([
    root ? 'Slipway builds container images with the components of a stack.' : noun.summary,
    `Usage: ${start} COMMAND`,
    titled('Commands:', entries, width),
    ...(root ? rootHelp(width) : []),
    ['Examples:', ...nounExamples(tree, noun).map((example) => `  ${example}`)].join('\n'),
  ]);
}

function rootHelp(width: number | undefined): readonly string[] {
  const options = [
    ['  -h, --help', 'Show help, also of every command.'],
    ['  --version', 'Show the version.'],
    ['  --no-color', 'Do not colour; every command takes it.'],
  ];
  const known = topics.map(({ name, summary }) => [`  help ${name}`, summary]);
  return [titled('Options:', options, width), titled('Topics:', known, width)];
}

/** One screen about what is no command. */
export function topicHelp({ summary, rows, more }: Topic, width?: number): string {
  const indented = rows.map(([what, meaning]) => [`  ${what}`, meaning]);
  return sections([summary, table(indented, { width, fit: 'fold' }), more]);
}

function nounExamples(tree: CommandTree, { path }: Noun): readonly string[] {
  if (path.length === 0) {
    return ['slipway build ./examples/hello -t demo/hello:1', 'slipway stack register --help'];
  }
  const below = tree.commands.filter((command) => path.every((word, index) => command.path[index] === word));
  // The first of each command; the second ones where there are not enough commands.
  return [0, 1].flatMap((at) => below.flatMap(({ examples }) => examples.slice(at, at + 1))).slice(0, 2);
}

function attributesHelp(
  command: Command,
  flavors: readonly FlavorDescription[],
  chosen: FlavorDescription | undefined,
  width: number | undefined,
): string {
  if (command.attributes === undefined) return '';
  if (chosen !== undefined) {
    const { fields } = chosen;
    // What can be written in two ways is always explained.
    const isShown = (field: ConfigurationField, index: number): boolean =>
      fields.length <= mostAttributes || index < shownOfMany || field.namedValues === true;
    const shown = fields.filter(isShown);
    const rows = shown.map((field) => [
      field.namedValues ? `  --${field.name} NAME=VALUE` : `  --${field.name}=${shortExample(field)}`,
      [field.description, field.required ? 'Required.' : '', field.namedValues ? repeatable(field) : '']
        .filter((text) => text !== '')
        .join(' '),
    ]);
    const more = fields.filter((field) => !shown.includes(field)).map((field) => `--${field.name}`);
    const all = `slipway ${componentType(chosen.type).command} flavor describe ${chosen.name}`;
    const title = `Attributes of ${chosen.name}${more.length === 0 ? '' : `, explained by ${all}`}:`;
    const named = more.length === 0 ? '' : `\n${table([['  More:', more.join(', ')]], { width, fit: 'fold' })}`;
    return `${titled(title, rows, width)}${named}`;
  }
  const { title, command: noun } = componentType(command.attributes.type);
  const rows = flavors.map(({ name, description }) => [`  ${name}`, description]);
  const more = `Each has attributes of its own, written --KEY=VALUE: slipway ${noun} flavor describe FLAVOR`;
  return rows.length === 0 ? `There is no ${title} flavor.` : `${titled('Flavors:', rows, width)}\n  ${more}`;
}

/** Both ways to write a list of names and values. */
function repeatable({ name, example }: ConfigurationField): string {
  return `May be repeated; or all at once as JSON: --${name}='${example ?? '[{"name": "NAME", "value": "VALUE"}]'}'`;
}

/** Where a field's example would make the column too wide, its type. */
function shortExample({ example, type }: ConfigurationField): string {
  return example !== undefined && /^[^\s"]{1,24}$/.test(example) ? example : type.toUpperCase();
}

function longOption(name: string, option: OptionDefinition): string {
  if (option.negatable) return `--${name}, --no-${name}`;
  return option.type === 'flag' ? `--${name}` : `--${name}=${option.placeholder ?? 'VALUE'}`;
}

function titled(title: string, rows: readonly (readonly string[])[], width: number | undefined): string {
  return rows.length === 0 ? '' : `${title}\n${table(rows, { width, fit: 'fold' })}`;
}

function sections(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}
