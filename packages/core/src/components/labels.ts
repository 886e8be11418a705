import { UsageError } from '../errors/slipway-error.js';
import type { Labels } from '../store/store-document.js';

/** Labels to set; those that are null are removed. */
export type LabelChanges = Readonly<Record<string, string | null>>;

const keyPattern = /^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,251}[A-Za-z0-9])?$/;
const valuePattern = /^[^\u0000-\u001f\u007f]{0,255}$/;

/**
 * The labels after the changes, sorted by key.
 * @throws UsageError `INVALID_LABEL`, `UNKNOWN_LABEL` where one is removed that is not there
 */
export function changeLabels(labels: Labels, changes: LabelChanges = {}): Labels {
  const changed = new Map(Object.entries(labels));
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) {
      if (changed.delete(key)) continue;
      throw new UsageError({
        code: 'UNKNOWN_LABEL',
        message: `There is no label '${key}' to remove.`,
        reason: changed.size === 0 ? 'It has no labels.' : `Its labels: ${[...changed.keys()].join(', ')}.`,
      });
    }
    checkLabel(key, value);
    changed.set(key, value);
  }
  return Object.fromEntries([...changed].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function checkLabel(key: string, value: string): void {
  if (!keyPattern.test(key)) {
    throw new UsageError({
      code: 'INVALID_LABEL',
      message: `'${key}' cannot be the key of a label.`,
      reason:
        'A key has 1 to 253 letters (a to z, A to Z), digits, dots, underscores, hyphens and slashes, and begins and ends with a letter or digit.',
      fix: 'Write a label as KEY=VALUE, e.g. team=payments.',
    });
  }
  if (!valuePattern.test(value)) {
    throw new UsageError({
      code: 'INVALID_LABEL',
      message: `The value of the label '${key}' cannot be used.`,
      reason: 'A value is one line of at most 255 characters.',
    });
  }
}
