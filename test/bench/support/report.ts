import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';

/** One row of the printed table, under the titles of its columns. */
export type Row = Readonly<Record<string, string>>;

/** Prints rows as a table. */
export function printTable(title: string, rows: readonly Row[]): void {
  const titles = Object.keys(rows[0] ?? {});
  const cells = [titles, ...rows.map((row) => titles.map((name) => row[name] ?? ''))];
  const widths = titles.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  console.log(`\n${title}`);
  for (const row of cells) console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`);
}

/** Writes the figures with what they were measured on. @param path of the JSON file */
export async function writeReport(path: string, figures: object): Promise<void> {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cpus: cpus().length,
    memoryBytes: totalmem(),
    node: process.version,
  };
  await writeFile(
    path,
    `${JSON.stringify({ version: 1, at: new Date().toISOString(), machine, ...figures }, null, 2)}\n`,
  );
  console.log(`\nWritten to ${path}`);
}

export function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

/** With what was expected of it, and whether it holds: `0.45 (at most 0.60)`. */
export function atMost(value: number, limit: number | undefined, digits = 2): string {
  if (limit === undefined) return value.toFixed(digits);
  return `${value.toFixed(digits)} (${value <= limit ? 'at most' : 'ABOVE'} ${limit.toFixed(digits)})`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(0)} MB`;
}
