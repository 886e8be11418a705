import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { isMissing } from './layout-problem.js';

/** How long one holder of the lock is waited for; what it does under the lock takes milliseconds. */
const patienceMs = 10_000;

/**
 * Replaces a file in one step by what `make` makes of it, one process at a time.
 *
 * The lock is a folder beside the file that holds one file, the holder's, of a name that nobody else has. The holder writes into it and
 * moves it over the file to be replaced. So the lock can be taken away from a holder that was killed, by removing that one name: where
 * it was only slow its move fails and it starts again, and nothing that others wrote meanwhile is lost.
 *
 * @param make is called again where the lock was lost; it reads the file afresh
 */
export async function replaceExclusively(path: string, make: () => Promise<string>): Promise<void> {
  const lock = `${path}.lock`;
  for (;;) {
    const holder = randomUUID();
    await enter(lock, holder);
    const own = join(lock, holder);
    try {
      const text = await make();
      const isReplaced = await replace(own, path, text);
      if (isReplaced) return;
    } finally {
      await rm(own, { force: true });
      // The next holder may have moved in already.
      await rmdir(lock).catch(() => {});
    }
  }
}

/** @returns false where the lock was taken away */
async function replace(own: string, path: string, text: string): Promise<boolean> {
  try {
    const file = await open(own, 'r+');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(own, path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

async function enter(lock: string, holder: string): Promise<void> {
  const own = `${lock}.${holder}`;
  await mkdir(own);
  try {
    await writeFile(join(own, holder), '', { flag: 'wx' });
    let seen: string | undefined;
    let since = performance.now();
    for (;;) {
      const refusal = await moveIn(own, lock);
      if (refusal === undefined) return;
      const other = await holderOf(lock);
      if (other !== seen) {
        seen = other;
        since = performance.now();
      }
      if (performance.now() - since > patienceMs) {
        if (other === undefined) throw refusal;
        await rm(join(lock, other), { force: true });
      } else {
        await pause(5 + Math.random() * 20);
      }
    }
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    throw error;
  }
}

/** @returns the error where the lock is held */
async function moveIn(own: string, lock: string): Promise<Error | undefined> {
  // Windows moves a folder only where there is none, not even an empty one.
  await rmdir(lock).catch(() => {});
  try {
    await rename(own, lock);
    return undefined;
  } catch (error) {
    const isHeld = error instanceof Error && 'code' in error && /^(ENOTEMPTY|EEXIST|EPERM)$/.test(String(error.code));
    if (isHeld) return error;
    throw error;
  }
}

async function holderOf(lock: string): Promise<string | undefined> {
  try {
    return (await readdir(lock))[0];
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
