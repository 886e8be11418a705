import { type ErrorReport, errorJson, errorText } from './error-report.js';
import { printable } from './printable.js';
import { table } from './table.js';

export type OutputFormat = 'table' | 'json';

/** What a warning says; shaped as an error is. */
export interface Warning {
  readonly message: string;
  readonly reason?: string | undefined;
  readonly fix?: string | undefined;
}

/** One column of a table: its title, and what it shows of an item. */
export type Column<Item> = readonly [title: string, cell: (item: Item) => string];

/** Where commands write: data to standard output, everything else to standard error. */
export class Output {
  constructor(readonly format: OutputFormat) {}

  /** Data, as it is. */
  data(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** Something for people. */
  note(text: string): void {
    process.stderr.write(`${printable(text)}\n`);
  }

  warning({ message, reason, fix }: Warning): void {
    if (this.format === 'json') {
      process.stderr.write(`${JSON.stringify({ warning: { message, reason, fix } })}\n`);
      return;
    }
    const lines = [`Warning: ${message}`, reason, fix === undefined ? undefined : `Fix: ${fix}`];
    this.note(lines.filter((line) => line !== undefined).join('\n'));
  }

  error(report: ErrorReport): void {
    process.stderr.write(`${this.format === 'json' ? errorJson(report) : errorText(report)}\n`);
  }

  /** A list, as a table or as `{"items": […]}`. */
  list<Item>(items: readonly Item[], columns: readonly Column<Item>[], whenEmpty: string): void {
    if (items.length === 0) this.note(whenEmpty);
    if (this.format === 'json') {
      this.json({ items });
    } else if (items.length > 0) {
      const cells = items.map((item) => columns.map(([, cell]) => printable(cell(item))));
      this.data(table([columns.map(([title]) => title), ...cells]));
    }
  }

  /** One thing, as JSON or as the text that describes it. */
  describe(item: object, text: () => string): void {
    if (this.format === 'json') this.json(item);
    else this.data(text());
  }

  json(value: unknown): void {
    this.data(JSON.stringify(value, null, 2));
  }
}
