import { stripVTControlCharacters } from 'node:util';

/** The last lines of a log, as plain text, to explain a failure by. */
export class LogTail {
  readonly #lines: string[] = [];

  constructor(private readonly limit = 400) {}

  push(line: string): void {
    this.#lines.push(stripVTControlCharacters(line).trimEnd());
    if (this.#lines.length > this.limit) this.#lines.shift();
  }

  get lines(): readonly string[] {
    return this.#lines;
  }
}
