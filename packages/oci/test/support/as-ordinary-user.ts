import { execFileSync } from 'node:child_process';

const nobody = 65534;

/**
 * Runs something without the right to pass over permissions, which root has: as nobody, to whom the folder is given.
 * Everybody else runs it as who they are.
 */
export async function asOrdinaryUser<T>(folder: string, action: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return action();
  execFileSync('chown', ['-R', String(nobody), folder]);
  process.seteuid?.(nobody);
  try {
    return await action();
  } finally {
    process.seteuid?.(0);
  }
}
