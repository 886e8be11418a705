import { errorCode, takeLock } from '@slipway/core';

/**
 * Replaces a file in one step by what `make` makes of it, one process at a time.
 *
 * @param make is called again where the lock was lost; it reads the file afresh
 */
export async function replaceExclusively(path: string, make: () => Promise<string>): Promise<void> {
  for (;;) {
    // Others may read an image that is not theirs.
    const hold = await takeLock(path, { mode: 0o644 });
    try {
      const text = await make();
      const replaced = await hold.replace(text).then(
        () => true,
        (error: unknown) => {
          // The lock was taken away from us, who were too slow, and others may have written meanwhile.
          if (errorCode(error) === 'ENOENT') return false;
          throw error;
        },
      );
      if (replaced) return;
    } finally {
      await hold.release();
    }
  }
}
