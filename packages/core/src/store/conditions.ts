import { nearest } from '../errors/nearest.js';
import { UsageError } from '../errors/slipway-error.js';

/** Whether a value fulfils a condition. */
type Test = (value: string) => boolean;

const operators: Readonly<Record<string, (operand: string, option: string) => Test>> = {
  equals: (operand) => (value) => value === operand,
  notequals: (operand) => (value) => value !== operand,
  contains: (operand) => (value) => value.includes(operand),
  startswith: (operand) => (value) => value.startsWith(operand),
  endswith: (operand) => (value) => value.endsWith(operand),
  oneof: (operand, option) => {
    const words = wordsOf(operand, option);
    return (value) => words.includes(value);
  },
};

const comparisons: Readonly<Record<string, (value: number, operand: number) => boolean>> = {
  gt: (value, operand) => value > operand,
  gte: (value, operand) => value >= operand,
  lt: (value, operand) => value < operand,
  lte: (value, operand) => value <= operand,
};

/**
 * The condition in a text such as `prod`, `contains:prod`, `oneof:["a", "b"]`.
 * @param option what a person wrote it for, e.g. `name`
 * @throws UsageError `INVALID_FILTER`
 */
export function textCondition(text: string, option: string): Test {
  const [, word = '', operand = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  const operator = Object.hasOwn(operators, word) ? operators[word] : undefined;
  if (operator !== undefined) return operator(operand, option);
  const near = word === '' ? undefined : nearest(word, Object.keys(operators));
  if (near === undefined) return (value) => value === text;
  throw invalid(option, `There is no operator '${word}:'. Did you mean '${near}:'?`);
}

/**
 * The condition in a text such as `gte:2026-01-31`, `lt:2026-01-31 12:00:00`; times are in UTC unless they say otherwise.
 * @throws UsageError `INVALID_FILTER`
 */
export function timeCondition(text: string, option: string): Test {
  const [, word = '', operand = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  const comparison = Object.hasOwn(comparisons, word) ? comparisons[word] : undefined;
  if (comparison === undefined) {
    throw invalid(option, `A time takes one of ${Object.keys(comparisons).join(', ')}, e.g. gte:2026-01-31.`);
  }
  const moment = timeOf(operand.trim());
  if (Number.isNaN(moment))
    throw invalid(option, `'${operand}' is not a date, such as 2026-01-31, or 2026-01-31 12:00:00.`);
  return (value) => comparison(Date.parse(value), moment);
}

/**
 * The condition in a text such as `team`, `team=payments`, `team=startswith:pay`.
 * @throws UsageError `INVALID_FILTER`
 */
export function labelCondition(text: string, option: string): (labels: Readonly<Record<string, string>>) => boolean {
  const at = text.indexOf('=');
  const key = at < 0 ? text : text.slice(0, at);
  if (key === '') throw invalid(option, 'Write KEY, KEY=VALUE or KEY=OPERATOR:VALUE.');
  const test = at < 0 ? () => true : textCondition(text.slice(at + 1), option);
  return (labels) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    return value !== undefined && test(value);
  };
}

/** As ZenML writes a time, and as ISO 8601 does. */
function timeOf(text: string): number {
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return Number.NaN;
  const zoned = /(?:Z|[+-]\d\d:\d\d)$/.test(text) || text.length === 10;
  return Date.parse(`${text.replace(' ', 'T')}${zoned ? '' : 'Z'}`);
}

function wordsOf(operand: string, option: string): readonly string[] {
  try {
    const words = JSON.parse(operand) as unknown;
    if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  } catch {
    // Said below.
  }
  throw invalid(option, 'oneof takes a JSON list of texts: oneof:["a", "b"].');
}

function invalid(option: string, reason: string): UsageError {
  return new UsageError({
    code: 'INVALID_FILTER',
    message: `The filter for '${option}' cannot be used.`,
    reason,
    fix: `Operators: ${[...Object.keys(operators), ...Object.keys(comparisons)].map((word) => `${word}:`).join(', ')}`,
  });
}
