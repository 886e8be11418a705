import type { Stats } from 'node:fs';
import type { FileState } from './build-context.js';

// A time stamp is as coarse as the file system makes it, two seconds on FAT: a file this young may change again and keep its times.
const coarsestTimeMs = 2000;

/**
 * The state that `lstat` tells of. Times are exact to a fraction of a microsecond, which is finer than any system sets them.
 * @param asked when the system was asked, or any time before that, in milliseconds since 1970
 */
export function fileState(stats: Stats, asked = Date.now()): FileState {
  return new NumberedState(stats, asked);
}

/** As numbers: there is one for every file of a context, and few are ever asked for the text. */
class NumberedState implements FileState {
  private readonly dev: number;
  private readonly ino: number;
  private readonly size: number;
  private readonly mtimeMs: number;
  private readonly ctimeMs: number;
  readonly settled: boolean;

  constructor({ dev, ino, size, mtimeMs, ctimeMs }: Stats, asked: number) {
    this.dev = dev;
    this.ino = ino;
    this.size = size;
    this.mtimeMs = mtimeMs;
    this.ctimeMs = ctimeMs;
    this.settled = asked - Math.max(mtimeMs, ctimeMs) >= coarsestTimeMs;
  }

  get identity(): string {
    return `${this.dev} ${this.ino} ${this.size} ${this.mtimeMs} ${this.ctimeMs}`;
  }
}
