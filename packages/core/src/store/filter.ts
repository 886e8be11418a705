import { type ComponentType, componentTypeIds } from '../contracts/component-types.js';
import { suggestion } from '../errors/nearest.js';
import { UsageError } from '../errors/slipway-error.js';
import { stacksByComponent } from './find.js';
import type { ComponentRecord, Labels, StackRecord, StoreDocument } from './store-document.js';
import { labelCondition, textCondition, timeCondition } from './conditions.js';

/**
 * Conditions that must all hold. A text is what a value equals, or has an operator before it: `contains:`, `startswith:`, `endswith:`,
 * `equals:`, `notequals:`, `oneof:["a", "b"]`. A time has one of `gt:`, `gte:`, `lt:`, `lte:`.
 */
export interface RecordFilter {
  readonly name?: string | undefined;
  /** Each `KEY`, `KEY=VALUE` or `KEY=OPERATOR:VALUE`. */
  readonly labels?: readonly string[] | undefined;
  /** When it was registered, e.g. `gte:2026-01-31`. */
  readonly created?: string | undefined;
  /** When it was last changed. */
  readonly updated?: string | undefined;
  /** `name`, `created`, `updated` or of components `flavor`; downward with `desc:` before it. The order of registration unless given. */
  readonly sortBy?: string | undefined;
}

export interface ComponentFilter extends RecordFilter {
  readonly flavor?: string | undefined;
  /** Of the names of the stacks that have it: one must fulfil it. */
  readonly stack?: string | undefined;
}

export interface StackFilter extends RecordFilter {
  /** Of the names of its components, by type. */
  readonly components?: Readonly<Partial<Record<ComponentType, string>>> | undefined;
}

/** @throws UsageError `INVALID_FILTER` */
export function filterComponents(
  document: StoreDocument,
  type: ComponentType | undefined,
  filter: ComponentFilter,
): readonly ComponentRecord[] {
  const tests = recordTests<ComponentRecord>(filter);
  const { flavor, stack } = filter;
  if (flavor !== undefined) tests.push(on((record) => record.flavor, textCondition(flavor, 'flavor')));
  if (stack !== undefined) {
    const test = textCondition(stack, 'stack');
    const stacks = stacksByComponent(document);
    tests.push((record) => (stacks.get(`${record.type}/${record.name}`) ?? []).some(({ name }) => test(name)));
  }
  const ofType = document.components.filter((record) => type === undefined || record.type === type);
  return sorted(apply(ofType, tests), filter.sortBy, { ...sortKeys, flavor: (record) => record.flavor });
}

/** @throws UsageError `INVALID_FILTER` */
export function filterStacks({ stacks }: StoreDocument, filter: StackFilter): readonly StackRecord[] {
  const tests = recordTests<StackRecord>(filter);
  for (const type of componentTypeIds) {
    const text = filter.components?.[type];
    if (text === undefined) continue;
    const test = textCondition(text, type);
    tests.push(({ components }) => components[type] !== undefined && test(components[type]));
  }
  return sorted(apply(stacks, tests), filter.sortBy, sortKeys);
}

interface Recorded {
  readonly name: string;
  readonly labels: Labels;
  readonly created_at: string;
  readonly updated_at: string;
}

type Key<T> = (record: T) => string;

const sortKeys: Readonly<Record<string, Key<Recorded>>> = {
  name: ({ name }) => name,
  created: ({ created_at }) => created_at,
  updated: ({ updated_at }) => updated_at,
};

function recordTests<T extends Recorded>(filter: RecordFilter): ((record: T) => boolean)[] {
  const { name, labels = [], created, updated } = filter;
  return [
    ...(name === undefined ? [] : [on<T>((record) => record.name, textCondition(name, 'name'))]),
    ...labels.map((text) => {
      const test = labelCondition(text, 'label');
      return (record: T) => test(record.labels);
    }),
    ...(created === undefined ? [] : [on<T>((record) => record.created_at, timeCondition(created, 'created'))]),
    ...(updated === undefined ? [] : [on<T>((record) => record.updated_at, timeCondition(updated, 'updated'))]),
  ];
}

function on<T>(key: Key<T>, test: (value: string) => boolean): (record: T) => boolean {
  return (record) => test(key(record));
}

function apply<T>(records: readonly T[], tests: readonly ((record: T) => boolean)[]): readonly T[] {
  return tests.length === 0 ? records : records.filter((record) => tests.every((test) => test(record)));
}

function sorted<T>(
  records: readonly T[],
  sortBy: string | undefined,
  keys: Readonly<Record<string, Key<T>>>,
): readonly T[] {
  if (sortBy === undefined) return records;
  const [, direction, field = ''] = /^(?:(asc|desc):)?(.*)$/s.exec(sortBy) ?? [];
  const key = Object.hasOwn(keys, field) ? keys[field] : undefined;
  if (key === undefined) {
    throw new UsageError({
      code: 'INVALID_FILTER',
      message: `There is no order by '${field}'.`,
      reason: suggestion(field, Object.keys(keys)),
      fix: `Orders: ${Object.keys(keys).join(', ')}; downward with desc: before it, as in desc:name`,
    });
  }
  const sign = direction === 'desc' ? -1 : 1;
  return [...records].sort((a, b) => sign * compare(key(a), key(b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
