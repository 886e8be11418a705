import { hasEnded, newHolder } from '@slipway/core';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const ending = '.part';
/** Longer than any writer stands still that cannot be asked whether it still lives, as one in another container. */
const longestPauseMs = 24 * 60 * 60 * 1000;

/** A path for a file that gets its name when it is whole. It tells whose it is, for `removeAbandoned` to know. */
export async function partialPath(folder: string, name: string): Promise<string> {
  return join(folder, `${name}.${await newHolder()}${ending}`);
}

/**
 * Removes what writers left of this name who were killed: at once where it is certain that they were, else when nothing was written to
 * it for a day. Never fails, as it is a courtesy to the disk.
 */
export async function removeAbandoned(folder: string, name: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const found of names.filter((one) => one.startsWith(`${name}.`) && one.endsWith(ending))) {
    const path = join(folder, found);
    const holder = found.slice(name.length + 1, -ending.length);
    if ((await hasEnded(holder)) || (await isForgotten(path))) await rm(path, { force: true }).catch(() => undefined);
  }
}

async function isForgotten(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status !== undefined && Date.now() - status.mtimeMs > longestPauseMs;
}
