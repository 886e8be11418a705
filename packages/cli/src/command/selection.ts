import { nearest, suggestion, UsageError } from '@slipway/core';
import type { Column } from '../output/column.js';
import type { CompletionRequest, OptionDefinition } from './command.js';

/** What lists select from. */
interface Selectable {
  readonly labels: Readonly<Record<string, string>>;
}

export interface Selection {
  /** By name of a column: a condition such as `contains:x`. */
  readonly conditions: Readonly<Record<string, string | undefined>>;
  /** `KEY=VALUE`, or `KEY` for any value; all must hold. */
  readonly labels: readonly string[];
  /** A column, `asc:COLUMN` or `desc:COLUMN`; as they were registered unless given. */
  readonly sort: string | undefined;
}

type TextOption = OptionDefinition & { readonly type: 'text' };

const operators: Readonly<Record<string, (text: string, operand: string) => boolean>> = {
  equals: (text, operand) => text === operand,
  contains: (text, operand) => text.includes(operand),
  startswith: (text, operand) => text.startsWith(operand),
  endswith: (text, operand) => text.endsWith(operand),
  not: (text, operand) => text !== operand,
};
const operatorNames = Object.keys(operators);

const conditionPlaceholder = '[OP:]TEXT';

/** The option that selects by a column, e.g. `--name=contains:x`. */
export function conditionOption(what: string): TextOption {
  return {
    type: 'text',
    placeholder: conditionPlaceholder,
    summary: `Only with this ${what}; OP is ${operatorNames.join(', ')}.`,
    complete: () => operatorNames.map((name) => `${name}:`),
  };
}

/** The options that every list of labelled things has. */
export function selectionOptions<Item>(columns: readonly Column<Item>[]): {
  readonly label: OptionDefinition & { readonly type: 'texts' };
  readonly sort: TextOption;
} {
  return {
    label: {
      type: 'texts',
      letter: 'l',
      placeholder: 'KEY[=VALUE]',
      summary: 'Only with this label. May be repeated.',
    },
    sort: {
      type: 'text',
      placeholder: '[desc:]COLUMN',
      summary: 'The column to sort by.',
      complete: ({ word }: CompletionRequest) => {
        const direction = /^(?:asc|desc):/.exec(word)?.[0] ?? '';
        return [...columns.map(({ name }) => `${direction}${name}`), ...(direction === '' ? ['desc:'] : [])];
      },
    },
  };
}

/**
 * The items that were asked for, in the order that was asked for.
 * @throws UsageError `INVALID_OPTION`, `UNKNOWN_COLUMN`
 */
export function selected<Item extends Selectable>(
  items: readonly Item[],
  columns: readonly Column<Item>[],
  { conditions, labels, sort }: Selection,
): readonly Item[] {
  const tests = [
    ...Object.entries(conditions).flatMap(([name, text]) => {
      const column = columns.find((candidate) => candidate.name === name);
      if (text === undefined || column === undefined) return [];
      const holds = condition(name, text);
      return [(item: Item) => holds(textOf(column.value(item)))];
    }),
    ...labels.map(labelTest),
  ];
  const found = items.filter((item) => tests.every((test) => test(item)));
  return sort === undefined ? found : sorted(found, columns, sort);
}

function condition(option: string, text: string): (value: string) => boolean {
  const [, operator, operand = ''] = /^([a-z]+):(.*)$/i.exec(text) ?? [];
  if (operator === undefined) return (value) => value === text;
  const test = operators[operator.toLowerCase()];
  if (test !== undefined) return (value) => test(value, operand);
  throw new UsageError({
    code: 'INVALID_OPTION',
    message: `'${operator}' of --${option} is no operator.`,
    reason: suggestion(operator, operatorNames),
    fix: `--${option}=contains:${operand}`,
  });
}

function labelTest(text: string): (item: Selectable) => boolean {
  const equals = text.indexOf('=');
  if (equals < 0) return ({ labels }) => Object.hasOwn(labels, text);
  return ({ labels }) => labels[text.slice(0, equals)] === text.slice(equals + 1);
}

function sorted<Item>(items: readonly Item[], columns: readonly Column<Item>[], sort: string): readonly Item[] {
  const [, direction, name = sort] = /^(asc|desc):(.*)$/.exec(sort) ?? [];
  const column = columns.find((candidate) => candidate.name === name.replaceAll('-', '_'));
  if (column === undefined) {
    const names = columns.map((candidate) => candidate.name);
    const near = nearest(name, names);
    throw new UsageError({
      code: 'UNKNOWN_COLUMN',
      message: `There is no column '${name}' to sort by.`,
      reason: near === undefined ? undefined : `Did you mean '${near}'?`,
      fix: `Columns: ${names.join(', ')}.`,
    });
  }
  const sign = direction === 'desc' ? -1 : 1;
  // Numbers within names count as numbers: build-2 comes before build-10.
  const collator = new Intl.Collator('en', { numeric: true });
  return items.toSorted((a, b) => sign * collator.compare(textOf(column.value(a)), textOf(column.value(b))));
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
