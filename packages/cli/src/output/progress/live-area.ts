import stringWidth from 'string-width';
import { shortened } from '../display-width.js';
import type { ProgressStream } from './progress-view.js';

const defaultColumns = 80;
const defaultRows = 24;

/**
 * The last lines of a terminal, which change, below lines that stay. Lines that stay are never erased: what was drawn takes at least as
 * many rows as it has lines, and after the terminal became narrower perhaps more, of which some are then left.
 */
export class LiveArea {
  #drawn: readonly string[] = [];

  constructor(private readonly stream: ProgressStream) {}

  /** One less than the terminal has: a line as wide as the terminal would wrap. A terminal that does not say has 0. */
  get columns(): number {
    return Math.max(1, (this.stream.columns || defaultColumns) - 1);
  }

  /** How many lines the area may have; above the terminal's first row nothing can be erased. */
  get rows(): number {
    return Math.max(1, (this.stream.rows || defaultRows) - 2);
  }

  /** Shows `live` instead of what the area shows now, below `lines`, which stay. */
  update(lines: readonly string[], live: readonly string[]): void {
    const drawn = live.slice(0, this.rows).map((line) => shortened(line, this.columns, stringWidth));
    if (lines.length === 0 && isSame(drawn, this.#drawn)) return;
    // In one piece, so that nothing flickers.
    this.stream.write(`${this.#erasure()}${[...lines, ...drawn].map((line) => `${line}\n`).join('')}`);
    this.#drawn = drawn;
  }

  #erasure(): string {
    const count = this.#drawn.length;
    return count === 0 ? '' : `\u001b[${count}A\r\u001b[J`;
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, index) => line === other[index]);
}
