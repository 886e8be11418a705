import type { RecordFilter } from '@slipway/core';
import type { OptionDefinition } from './command.js';

type TextOption = OptionDefinition & { readonly type: 'text' };

const operators = ['contains', 'startswith', 'endswith', 'equals', 'notequals', 'oneof'] as const;
const comparisons = ['gt', 'gte', 'lt', 'lte'] as const;

/** The option that selects by a text, e.g. `--name=contains:x`. */
export function conditionOption(what: string): TextOption {
  return {
    type: 'text',
    placeholder: '[OP:]TEXT',
    summary: `Only with this ${what}; OP is ${operators.slice(0, 3).join(', ')}, ….`,
    complete: () => operators.map((operator) => `${operator}:`),
  };
}

function timeOption(what: string): TextOption {
  return {
    type: 'text',
    placeholder: 'OP:TIME',
    summary: `Only what was ${what} then; OP is ${comparisons.join(', ')}.`,
    complete: () => comparisons.map((comparison) => `${comparison}:`),
  };
}

/** What every list of registered things takes. @param orders what may be sorted by */
export function filterOptions(...orders: readonly string[]): {
  readonly name: TextOption;
  readonly label: OptionDefinition & { readonly type: 'texts' };
  readonly created: TextOption;
  readonly updated: TextOption;
  readonly sort: TextOption;
} {
  return {
    name: conditionOption('name'),
    label: {
      type: 'texts',
      letter: 'l',
      placeholder: 'KEY[=VALUE]',
      summary: 'Only with this label. May be repeated.',
    },
    created: timeOption('registered'),
    updated: timeOption('changed'),
    sort: {
      type: 'text',
      placeholder: '[desc:]ORDER',
      summary: `Sort by ${orders.join(', ')}.`,
      complete: () => orders.flatMap((order) => [order, `desc:${order}`]),
    },
  };
}

interface FilterValues {
  readonly name: string | undefined;
  readonly label: readonly string[];
  readonly created: string | undefined;
  readonly updated: string | undefined;
  readonly sort: string | undefined;
}

/** What those options say. */
export function filterOf({ name, label, created, updated, sort }: FilterValues): RecordFilter {
  return { name, labels: label, created, updated, sortBy: sort };
}
