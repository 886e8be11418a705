import { homedir } from 'node:os';
import { resolve } from 'node:path';

/** The absolute path of a folder that a person has named; `~/` is the home folder, which shells leave as it is behind `--path=`. */
export function resolveFolder(path: string): string {
  return resolve(path.replace(/^~(?=\/|$)/, homedir()));
}
