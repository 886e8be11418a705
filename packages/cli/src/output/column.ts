import { nearest, UsageError } from '@slipway/core';

/** One column of a list: a field of its items, and how a table shows it. */
export interface Column<Item> {
  /** As `--columns` has it, and JSON and YAML under `--columns`: `created_at`. */
  readonly name: string;
  /** Of the table; the name in capitals unless given. */
  readonly title?: string;
  /** As JSON has it. */
  readonly value: (item: Item) => unknown;
  /** As a table has it; the value in one line unless given. */
  readonly cell?: (item: Item) => string;
  /** Shown only where `--columns` asks for it. */
  readonly hidden?: boolean;
}

/**
 * The columns that a person asked for, in that order.
 * @param wanted names with commas between, or `all`; those that are not hidden unless given
 * @throws UsageError `UNKNOWN_COLUMN` with the nearest
 */
export function chosenColumns<Item>(
  columns: readonly Column<Item>[],
  wanted: string | undefined,
): readonly Column<Item>[] {
  if (wanted === undefined) return columns.filter(({ hidden }) => hidden !== true);
  if (wanted.trim() === 'all') return columns;
  const words = wanted
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) throw unknownColumn('', columns);
  return words.map((word) => {
    const found = columns.find(({ name }) => name === word.toLowerCase().replaceAll('-', '_'));
    if (found === undefined) throw unknownColumn(word, columns);
    return found;
  });
}

export function columnTitle<Item>({ name, title }: Column<Item>): string {
  return title ?? name.replaceAll('_', ' ').toUpperCase();
}

function unknownColumn<Item>(word: string, columns: readonly Column<Item>[]): UsageError {
  const names = columns.map(({ name }) => name);
  const near = nearest(word, names);
  return new UsageError({
    code: 'UNKNOWN_COLUMN',
    message: `There is no column '${word}'.`,
    reason: near === undefined ? undefined : `Did you mean '${near}'?`,
    // In the order of the table, in which people know them.
    fix: `Columns: ${names.join(', ')}; or all.`,
  });
}
