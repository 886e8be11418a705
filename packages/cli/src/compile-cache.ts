import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import envPaths from 'env-paths';

/** What `node:module` has from Node 22.1 on. */
export interface CompileCache {
  readonly enableCompileCache?: (folder: string) => unknown;
}

/**
 * Has Node keep what it compiles of the program in the user's own folder for caches, so that the next start is quicker. Node itself
 * tells what was kept of another text or by another version, and compiles that anew. Where nothing can be kept, nothing is.
 */
export function keepCompiledCode(enable: NonNullable<CompileCache['enableCompileCache']>): void {
  const folder = envPaths('slipway', { suffix: '' }).cache;
  try {
    // Node would make the folders above it by recursion, which never ends where there can be none, as below `/proc`.
    for (const path of [dirname(folder), folder]) makeFolder(path);
  } catch {
    return;
  }
  enable(join(folder, 'compiled'));
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
