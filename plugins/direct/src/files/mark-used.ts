import { utimes } from 'node:fs/promises';

/** Notes that a file of the cache was used: the time of its last change decides what is removed first. One that is gone is not missed. */
export async function markUsed(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}
