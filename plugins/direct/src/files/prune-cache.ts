import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileStates } from './file-states.js';

const hour = 60 * 60 * 1000;
const longestUnused = 30 * 24 * hour;

interface CachedFile {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since its last use. */
  readonly unused: number;
  /** Whether a build that runs can do without it. */
  readonly optional: boolean;
}

/**
 * Removes what nobody used for 30 days, what killed builds left half written, and, where the cache is larger than it may be, what was not
 * used for longest. Other processes may build and prune meanwhile: a compressed layer that vanishes is made again and a blob read again;
 * of all else what was used within the last hour stays. Never fails.
 * @param largest in bytes
 */
export async function pruneCache(cacheFolder: string, largest: number): Promise<void> {
  const now = Date.now();
  const files = [
    ...filesOf(join(cacheFolder, 'layers'), true, now),
    ...filesOf(join(cacheFolder, 'blobs'), true, now),
    ...filesOf(join(cacheFolder, 'listings'), false, now),
    ...filesOf(join(cacheFolder, 'contents'), false, now),
  ];
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const file of files.sort((one, other) => other.unused - one.unused)) {
    const removable = file.optional || file.unused > hour;
    const unwanted = file.unused > longestUnused || (isTemporary(file.path) && file.unused > hour);
    if (!removable || !(unwanted || total > largest)) continue;
    await rm(file.path, { force: true }).catch(() => undefined);
    total -= file.size;
  }
}

function filesOf(folder: string, optional: boolean, now: number): CachedFile[] {
  return fileStates(folder).map(({ path, size, mtimeMs }) => {
    // What is being written now is nothing that can be done without.
    return { path, size, unused: now - mtimeMs, optional: optional && !isTemporary(path) };
  });
}

/** What is written under another name until it is whole ends with a random one. */
function isTemporary(path: string): boolean {
  return /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\.part)?$/.test(path);
}
