import {
  type ComponentChange,
  type ConfigurationField,
  componentType,
  componentTypeIds,
  holdsSecrets,
  maskValue,
  type StackChange,
} from '@slipway/core';
import { isDeepStrictEqual } from 'node:util';
import { shownValue } from '../output/words.js';

type Entries = Readonly<Record<string, unknown>>;

/** One line for each attribute that a change made another: `  uri: a → b`. Of secrets in plain text, that they changed. */
export function changedAttributes(fields: readonly ConfigurationField[], change: ComponentChange): readonly string[] {
  const before = change.before.configuration;
  const after = change.after.configuration;
  return fields
    .filter(({ name }) => !isDeepStrictEqual(before[name], after[name]))
    .flatMap((field) =>
      field.namedValues && !holdsSecrets(field)
        ? changedNamedValues(field, before[field.name], after[field.name])
        : [line(field.name, shown(field, before[field.name]), shown(field, after[field.name]))],
    );
}

/** One line for each label that a change made another. */
export function changedLabels(before: Entries, after: Entries): readonly string[] {
  return changedEntries(before, after, (key) => `label ${key}`);
}

/** One line for each component of a stack that a change made another, and for each label. */
export function changedStack({ before, after }: StackChange): readonly string[] {
  return [
    ...componentTypeIds
      .filter((type) => before.components[type] !== after.components[type])
      .map((type) =>
        line(componentType(type).title, shownValue(before.components[type]), shownValue(after.components[type])),
      ),
    ...changedLabels(before.labels, after.labels),
  ];
}

/** Of a list of names and values, the elements that changed. */
function changedNamedValues(field: ConfigurationField, before: unknown, after: unknown): readonly string[] {
  return changedEntries(byName(before), byName(after), (name) => `${field.name} ${name}`);
}

function byName(list: unknown): Entries {
  const elements = (Array.isArray(list) ? list : []) as readonly (Entries & { name: string })[];
  return Object.fromEntries(
    elements.map(({ name, ...rest }) => [name, Object.keys(rest).join() === 'value' ? rest['value'] : rest]),
  );
}

function changedEntries(before: Entries, after: Entries, title: (key: string) => string): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !isDeepStrictEqual(before[key], after[key]))
    .map((key) => line(title(key), shownValue(before[key]), shownValue(after[key])));
}

function line(what: string, before: string, after: string): string {
  return `  ${what}: ${before} → ${after}`;
}

function shown(field: ConfigurationField, value: unknown): string {
  if (value === undefined) return field.default === undefined ? '-' : `${shownValue(field.default)} (default)`;
  return shownValue(maskValue(field, value));
}
