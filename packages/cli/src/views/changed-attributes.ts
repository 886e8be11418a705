import type { ComponentChange, ConfigurationField } from '@slipway/core';
import { isDeepStrictEqual } from 'node:util';
import { shownValue } from '../output/words.js';

/** One line for each attribute that a change made another: `  uri: a → b`. Of secrets, that they changed. */
export function changedAttributes(fields: readonly ConfigurationField[], change: ComponentChange): readonly string[] {
  const before = change.before.configuration;
  const after = change.after.configuration;
  return fields
    .filter(({ name }) => !isDeepStrictEqual(before[name], after[name]))
    .map((field) => `  ${field.name}: ${shown(field, before[field.name])} → ${shown(field, after[field.name])}`);
}

function shown(field: ConfigurationField, value: unknown): string {
  if (value === undefined) return field.default === undefined ? '-' : `${shownValue(field.default)} (default)`;
  return field.secret ? '********' : shownValue(value);
}
