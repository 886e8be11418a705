import { type Measure, shortened, wrapped } from './display-width.js';

export interface TableOptions {
  /** The columns of the terminal; nothing is shortened or folded unless given. */
  readonly width?: number | undefined;
  /**
   * What happens to what does not fit: cells are shortened, the widest first, so that every row stays one line; or the last column
   * goes on in the lines below, so that nothing is lost.
   */
  readonly fit?: 'shorten' | 'fold';
  readonly measure?: Measure;
  /** Decorates a finished row, of which nothing is measured any more; 0 is the first. */
  readonly decorate?: (line: string, row: number) => string;
}

const gap = '  ';
// Below this, folded text would be a column of syllables.
const narrowest = 24;

/** Rows in columns as wide as their widest cell, two spaces apart, without lines. */
export function table(rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const { width, fit = 'shorten', measure = (text) => text.length, decorate = (line) => line } = options;
  const natural = columnWidths(rows, measure);
  const shorten = width !== undefined && fit === 'shorten';
  const widths = shorten ? fittingWidths(natural, width) : natural;
  const lines = rows.flatMap((row, index) => {
    const cells = shorten ? row.map((cell, column) => shortened(cell, widths[column] ?? 0, measure)) : row;
    const folded = width !== undefined && fit === 'fold' ? foldedRow(cells, widths, width, measure) : [cells];
    return folded.map((line) => decorate(joined(line, widths, measure), index));
  });
  return lines.join('\n');
}

function columnWidths(rows: readonly (readonly string[])[], measure: Measure): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, measure(cell));
  }
  return widths;
}

/** The widest columns give, all to the same width, until the row fits. */
function fittingWidths(natural: readonly number[], width: number): readonly number[] {
  const room = width - gap.length * (natural.length - 1);
  const total = (limit: number): number => natural.reduce((sum, column) => sum + Math.min(column, limit), 0);
  let limit = Math.max(0, ...natural);
  while (limit > 1 && total(limit) > room) limit -= 1;
  // What is left by rounding goes to the first columns that want it.
  let left = room - total(limit);
  return natural.map((column) => {
    if (column <= limit || left <= 0) return Math.min(column, limit);
    left -= 1;
    return limit + 1;
  });
}

function foldedRow(
  cells: readonly string[],
  widths: readonly number[],
  width: number,
  measure: Measure,
): readonly (readonly string[])[] {
  const last = widths.length - 1;
  const start = widths.slice(0, last).reduce((sum, column) => sum + column + gap.length, 0);
  const text = cells[last];
  if (text === undefined || width - start < narrowest) return [cells];
  const [first = '', ...more] = wrapped(text, width - start, measure);
  const empty = cells.slice(0, last).map(() => '');
  return [[...cells.slice(0, last), first], ...more.map((line) => [...empty, line])];
}

function joined(cells: readonly string[], widths: readonly number[], measure: Measure): string {
  return cells
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - measure(cell))))
    .join(gap)
    .trimEnd();
}
