import { type Column, chosenColumns, columnTitle } from './column.js';
import { type ColourMode, isColoured, type Paint, painter, type Style } from './colour.js';
import { measureFor } from './display-width.js';
import { type ErrorReport, errorFields, errorText } from './error-report.js';
import { printable } from './printable.js';
import { table } from './table.js';
import { shownValue } from './words.js';

export const outputFormats = ['table', 'json', 'yaml', 'name'] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** The version of the shape of what is printed as JSON and YAML: fields may be added without a new one. */
const shapeVersion = 1;

/** What a warning says; shaped as an error is. */
export interface Warning {
  readonly code?: string | undefined;
  readonly message: string;
  readonly reason?: string | undefined;
  readonly fix?: string | undefined;
}

/** What is printed has a name, by which commands know it. */
export interface Named {
  readonly name: string;
}

/** A part of a description: rows, the first of them titles where `titled`. */
export interface Section {
  readonly rows: readonly (readonly string[])[];
  readonly titled?: boolean;
}

/** What an output needs of a stream. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface OutputOptions {
  readonly colour?: ColourMode | undefined;
  readonly stdout?: OutputStream;
  readonly stderr?: OutputStream;
}

/** Where commands write: data to standard output, everything else to standard error. */
export class Output {
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;
  readonly #paintData: Paint;
  /** Paints what goes to standard error, where that is shown. */
  readonly paintNote: Paint;

  constructor(
    readonly format: OutputFormat,
    { colour = 'auto', stdout = process.stdout, stderr = process.stderr }: OutputOptions = {},
  ) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#paintData = painter(isColoured(stdout, colour));
    this.paintNote = painter(isColoured(stderr, colour));
  }

  /** The columns of the terminal that standard output is; undefined where it is none. */
  get width(): number | undefined {
    return this.#stdout.isTTY === true ? this.#stdout.columns : undefined;
  }

  /** Whether what goes to standard error is read by a program. */
  get #structured(): boolean {
    // JSON is YAML as well, and one line of it needs nothing loaded where something went wrong.
    return this.format === 'json' || this.format === 'yaml';
  }

  /** Text among the data, painted where that is shown. */
  paint(style: Style, text: string): string {
    return this.#paintData(style, text);
  }

  /** Data, as it is. */
  data(text: string): void {
    this.#stdout.write(`${text}\n`);
  }

  /** Something for people. */
  note(text: string): void {
    if (this.#structured) this.#event({ note: { message: text } });
    else this.#stderr.write(`${printable(text)}\n`);
  }

  warning({ code, message, reason, fix }: Warning): void {
    if (this.#structured) return this.#event({ warning: { code, message, reason, fix } });
    const lines = [message, reason, fix === undefined ? undefined : `Fix: ${fix}`];
    const text = printable(lines.filter((line) => line !== undefined).join('\n'));
    this.#stderr.write(`${this.paintNote('yellow', 'Warning:')} ${text}\n`);
  }

  /** What a person should know about something that went well. */
  warnings(warnings: readonly Warning[]): void {
    for (const warning of warnings) this.warning(warning);
  }

  error(report: ErrorReport): void {
    if (this.#structured) this.#event({ error: errorFields(report) });
    else this.#stderr.write(`${errorText(report, this.paintNote)}\n`);
  }

  /**
   * A list: a table, names, or `{"version": 1, "items": […]}` in JSON and YAML.
   * @param chosen what `--columns` says; in JSON and YAML, the items have those fields alone
   * @throws UsageError `UNKNOWN_COLUMN`
   */
  async list<Item extends Named>(
    items: readonly Item[],
    columns: readonly Column<Item>[],
    { chosen, whenEmpty }: { readonly chosen?: string | undefined; readonly whenEmpty: string },
  ): Promise<void> {
    const shown = chosenColumns(columns, chosen);
    if (this.format === 'name') {
      for (const { name } of items) this.data(printable(name));
    } else if (this.#structured) {
      await this.#document({ items: chosen === undefined ? items : items.map((item) => fieldsOf(item, shown)) });
    } else if (items.length === 0) {
      this.note(whenEmpty);
    } else {
      await this.#table(items, shown);
    }
  }

  /**
   * One thing: its description, its name, or the object itself beside `"version": 1` in JSON and YAML.
   * @param chosen what `--columns` says; everything unless given
   * @throws UsageError `UNKNOWN_COLUMN`
   */
  async describe<Item extends Named>(
    item: Item,
    columns: readonly Column<Item>[],
    { chosen, sections }: { readonly chosen?: string | undefined; readonly sections: () => readonly Section[] },
  ): Promise<void> {
    const shown = chosenColumns(columns, chosen);
    if (this.format === 'name') {
      this.data(printable(item.name));
    } else if (this.#structured) {
      await this.#document(chosen === undefined ? item : fieldsOf(item, shown));
    } else if (chosen === undefined) {
      await this.sections(sections());
    } else {
      await this.sections([{ rows: shown.map((column) => [`${column.name}:`, shownValue(column.value(item))]) }]);
    }
  }

  /** Tables below each other. On a terminal, what is too wide goes on below. */
  async sections(sections: readonly Section[]): Promise<void> {
    const texts: string[] = [];
    for (const { rows, titled = false } of sections) {
      if (rows.length <= (titled ? 1 : 0)) continue;
      const cells = rows.map((row) => row.map((cell) => printable(cell)));
      texts.push(
        table(cells, {
          width: this.width,
          fit: 'fold',
          measure: await measureFor(cells.flat()),
          decorate: (line, row) => (titled && row === 0 ? this.#paintData('bold', line) : line),
        }),
      );
    }
    this.data(texts.join('\n\n'));
  }

  json(value: unknown): void {
    this.data(JSON.stringify(value, null, 2));
  }

  async #table<Item>(items: readonly Item[], columns: readonly Column<Item>[]): Promise<void> {
    const cells = items.map((item) => columns.map((column) => oneLine(cellOf(item, column))));
    const rows = [columns.map(columnTitle), ...cells];
    this.data(
      table(rows, {
        width: this.width,
        measure: await measureFor(rows.flat()),
        decorate: (line, row) => (row === 0 ? this.#paintData('bold', line) : line.replace(/^\*/, this.#mark)),
      }),
    );
  }

  readonly #mark = (mark: string): string => this.#paintData('green', mark);

  async #document(fields: object): Promise<void> {
    const document = { version: shapeVersion, ...fields };
    if (this.format === 'json') return this.json(document);
    const { stringify } = await import('yaml');
    this.#stdout.write(stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }));
  }

  #event(fields: object): void {
    this.#stderr.write(`${JSON.stringify({ version: shapeVersion, ...fields })}\n`);
  }
}

function fieldsOf<Item>(item: Item, columns: readonly Column<Item>[]): Record<string, unknown> {
  return Object.fromEntries(columns.map(({ name, value }) => [name, value(item) ?? null]));
}

function cellOf<Item>(item: Item, { value, cell }: Column<Item>): string {
  return cell === undefined ? shownValue(value(item)) : cell(item);
}

/** A cell must not break its row. */
function oneLine(text: string): string {
  return printable(text).replaceAll(/\s*\n\s*/g, ' ');
}
