import { mkdir, open, readdir, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { keepPrevious } from './keep-original.js';
import { hasEnded, newHolder } from './lock-holder.js';

// How a system refuses to move a folder onto one that is not empty. Elsewhere than on Windows EPERM means what it says.
const heldCodes = ['ENOTEMPTY', 'EEXIST', ...(process.platform === 'win32' ? ['EPERM'] : [])];

/** The right to replace one file, until it is used, released, or taken away from a holder that took too long. */
export interface Hold {
  /** Replaces the file and ends the hold in one step. @throws an error of code `ENOENT` where the hold was taken away */
  replace(text: string, options?: ReplaceOptions): Promise<void>;
  /** Ends the hold where it was not used. */
  release(): Promise<void>;
}

export interface ReplaceOptions {
  /** Keeps a copy of the new text as `FILE.previous` in place of the replaced one, where any is kept: of what was there nothing stays. */
  readonly forgetPrevious?: boolean;
}

export interface LockOptions {
  /** How long one holder is waited for that is not known to have ended, in milliseconds; 10,000 unless given. */
  readonly patience?: number;
  /** Permissions of the file that replaces; its owner's alone unless given. */
  readonly mode?: number;
  /** Whether the replaced file is kept, as `FILE.previous`, until the next is. */
  readonly keepPrevious?: boolean;
}

/**
 * Waits for the lock of a file and takes it, at once where its holder was killed.
 *
 * The lock is a folder beside the file, and the holder is the one file in it, named after its process. A folder with that
 * file is moved into place, which the system refuses while the folder there holds a file. So there is no moment without
 * a known holder, and taking the lock from a dead one removes that holder's file by its own name: it cannot hit another
 * who came between. The holder writes into its file and moves that over the one it replaces; where the lock was taken away
 * meanwhile the file is gone and the move fails. So even a wrong guess about who is dead loses nothing.
 */
export async function takeLock(path: string, options: LockOptions = {}): Promise<Hold> {
  const { patience = 10_000, mode = 0o600 } = options;
  const keep = options.keepPrevious === true;
  // A link is kept, and what it points to is replaced.
  const target = await realpath(path).catch(() => path);
  const folder = `${target}.lock`;
  const holder = await newHolder();
  for (const left of await abandoned(folder)) await rm(left, { recursive: true, force: true });
  let seen: string | undefined;
  let since = performance.now();
  for (;;) {
    const refusal = await enter(folder, holder, mode);
    if (refusal === undefined)
      return hold(target, folder, holder, async (instead) => {
        if (keep) await keepPrevious(target, `${folder}.${holder}`, mode, instead);
      });
    const other = await holderOf(folder);
    if (other !== seen) {
      seen = other;
      since = performance.now();
    }
    const impatient = performance.now() - since > patience;
    if (impatient && other === undefined) throw refusal;
    if (other !== undefined && (impatient || (await hasEnded(other)))) {
      await rm(join(folder, other), { recursive: true, force: true });
    } else {
      await pause(5 + Math.random() * 20);
    }
  }
}

/** The paths of what processes left in or around a file's lock that have certainly ended. */
export async function leftoversOf(path: string): Promise<readonly string[]> {
  const target = await realpath(path).catch(() => path);
  const folder = `${target}.lock`;
  const left = await abandoned(folder).catch((): string[] => []);
  const holder = await holderOf(folder);
  if (holder !== undefined && (await hasEnded(holder))) left.push(folder);
  return left;
}

/** @returns the error where another has the lock */
async function enter(folder: string, holder: string, mode: number): Promise<Error | undefined> {
  if ((await holderOf(folder)) !== undefined) return new Error('The lock is held.');
  const own = `${folder}.${holder}`;
  try {
    await mkdir(own, { mode: 0o700 });
    await writeFile(join(own, holder), '', { mode, flag: 'wx' });
    // Windows moves a folder only where there is none, not even an empty one.
    await rmdir(folder).catch(() => {});
    await rename(own, folder);
    return undefined;
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    if (error instanceof Error && 'code' in error && heldCodes.includes(String(error.code))) return error;
    throw error;
  }
}

function hold(
  target: string,
  folder: string,
  holder: string,
  beforeReplacing: (keepInstead: string | undefined) => Promise<void>,
): Hold {
  const own = join(folder, holder);
  return {
    async replace(text, { forgetPrevious = false } = {}) {
      const file = await open(own, 'r+');
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await beforeReplacing(forgetPrevious ? own : undefined);
      await rename(own, target);
    },
    async release() {
      await rm(own, { force: true });
      // The next holder may have moved in already; an empty folder left behind bars nobody.
      await rmdir(folder).catch(() => {});
    },
  };
}

async function holderOf(folder: string): Promise<string | undefined> {
  try {
    return (await readdir(folder))[0];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What processes left beside the lock that were killed on the way into it; a dead holder's is the waiting's to take. */
async function abandoned(folder: string): Promise<string[]> {
  const prefix = `${basename(folder)}.`;
  const left: string[] = [];
  for (const name of await readdir(dirname(folder))) {
    if (name.startsWith(prefix) && (await hasEnded(name.slice(prefix.length)))) left.push(join(dirname(folder), name));
  }
  return left;
}
