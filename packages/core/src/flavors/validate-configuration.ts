import type { z } from 'zod';
import { nearest } from '../errors/nearest.js';
import { shellWord } from '../errors/shell-word.js';
import { UsageError } from '../errors/slipway-error.js';
import { unknownAttribute } from './attributes.js';
import { configurationFields } from './configuration-fields.js';
import type { Flavor } from './flavor.js';

type Issue = z.core.$ZodIssue;

/**
 * Validates a configuration against its flavor.
 * @returns the configuration with defaults
 * @throws UsageError `UNKNOWN_ATTRIBUTE`, `MISSING_ATTRIBUTE`, `INVALID_ATTRIBUTE`; values are never quoted
 */
export function validateConfiguration(
  flavor: Flavor,
  configuration: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result = flavor.configSchema.safeParse(configuration);
  if (result.success) return result.data;
  throw configurationError(flavor, configuration, result.error.issues);
}

/** The error that says what is wrong with a configuration. */
export function configurationError(
  flavor: Flavor,
  configuration: Readonly<Record<string, unknown>>,
  issues: readonly Issue[],
): UsageError {
  const unknown = issues.find((issue) => issue.code === 'unrecognized_keys' && issue.path.length === 0);
  if (unknown?.code === 'unrecognized_keys') return unknownAttribute(flavor, unknown.keys[0] ?? '');
  const missing = issues.filter((issue) => issue.path.length === 1 && isMissing(issue, configuration));
  if (missing.length > 0) return missingAttributes(flavor, missing);
  return new UsageError({
    code: 'INVALID_ATTRIBUTE',
    message: issues
      .flatMap((issue) => leaves(issue, []))
      .map(({ path, text }) => `${subject(path)} is not valid: ${where(path.slice(1))}${text}.`)
      .join('\n'),
    fix: `slipway flavor describe ${flavor.name}`,
  });
}

function missingAttributes(flavor: Flavor, issues: readonly Issue[]): UsageError {
  const names = issues.map((issue) => String(issue.path[0]));
  // What is needed only beside something else says so itself.
  const needs = issues
    .filter(({ code }) => code === 'custom')
    .map(({ path, message }) => `'${String(path[0])}' ${message}.`);
  return new UsageError({
    code: 'MISSING_ATTRIBUTE',
    message: `The flavor '${flavor.name}' needs ${names.map((name) => `'${name}'`).join(' and ')}.`,
    reason: needs.length === 0 ? undefined : needs.join(' '),
    fix: `Add ${names.map((name) => `--${name}=${valueOf(flavor, name)}`).join(' ')}`,
  });
}

/** What might be written for an attribute. */
function valueOf(flavor: Flavor, name: string): string {
  const field = configurationFields(flavor.configSchema).find((candidate) => candidate.name === name);
  if (field?.example !== undefined) return shellWord(field.example);
  return field?.type === 'boolean' ? 'true' : (field?.type ?? 'value').toUpperCase();
}

interface Leaf {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/** The issues that a person can act on: of a union, those of the member that came closest. */
function leaves(issue: Issue, prefix: readonly PropertyKey[]): readonly Leaf[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'invalid_union') {
    const fitting = issue.errors.filter((issues) => !issues.some(isOtherType));
    const members = fitting.map((issues) => issues.flatMap((inner) => leaves(inner, path)));
    const deepest = members.sort((a, b) => depth(b) - depth(a))[0];
    if (deepest !== undefined && deepest.length > 0) return deepest;
    const types = new Set(issue.errors.flat().flatMap((inner) => (isOtherType(inner) ? article(inner.expected) : [])));
    if (types.size > 0) return [{ path, text: `must be ${[...types].join(' or ')}` }];
  }
  if (issue.code === 'unrecognized_keys' && issue.message.startsWith('Unrecognized')) {
    return issue.keys.map((key) => ({ path, text: `unknown field '${key}'` }));
  }
  return [{ path, text: describe(issue) }];
}

/** Whether the issue says that the whole value is of another type than a member of a union. */
function isOtherType(issue: Issue): issue is z.core.$ZodIssueInvalidType {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function describe(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) return 'is missing';
  if (issue.code === 'invalid_type') return `must be ${article(issue.expected)}`;
  if (issue.code === 'too_small' && issue.origin !== 'string') {
    return `must be ${issue.inclusive ? 'at least' : 'greater than'} ${issue.minimum}`;
  }
  if (issue.code === 'too_small') return 'must not be empty';
  if (issue.code === 'too_big' && issue.origin !== 'string') return `must be at most ${issue.maximum}`;
  return issue.message.replace(/\.$/, '');
}

/** Names a field that was probably meant, for messages about unknown fields of nested objects. */
export function unknownFieldMessage(
  known: readonly string[],
): (issue: { readonly keys?: readonly string[] }) => string {
  return ({ keys = [] }) =>
    keys
      .map((key) => {
        const near = nearest(key, known);
        return near === undefined ? `unknown field '${key}'` : `unknown field '${key}', did you mean '${near}'`;
      })
      .join('; ');
}

function isMissing(issue: Issue, configuration: Readonly<Record<string, unknown>>): boolean {
  return configuration[String(issue.path[0])] === undefined && issue.code !== 'unrecognized_keys';
}

function depth(issues: readonly Leaf[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}

function subject(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'The configuration' : `The value of '${String(path[0])}'`;
}

function where(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text === '' ? '' : `${text.replace(/^\./, '')} `;
}

function article(type: string): string {
  const names: Readonly<Record<string, string>> = {
    array: 'a list',
    object: 'an object',
    record: 'an object',
    int: 'a whole number',
  };
  return names[type] ?? `a ${type}`;
}
