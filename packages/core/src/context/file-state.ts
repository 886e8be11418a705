import type { Stats } from 'node:fs';
import type { FileState } from './build-context.js';

// A time stamp is as coarse as the file system makes it, two seconds on FAT: a file this young may change again and keep its times.
const coarsestTimeMs = 2000;

/** The state that `lstat` tells of. Times are exact to a fraction of a microsecond, which is finer than any system sets them. */
export function fileState({ dev, ino, size, mtimeMs, ctimeMs }: Stats): FileState {
  return {
    identity: `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`,
    settled: Date.now() - Math.max(mtimeMs, ctimeMs) >= coarsestTimeMs,
  };
}
