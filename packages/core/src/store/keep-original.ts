import { chmod, copyFile, constants, link, realpath, rename, rm } from 'node:fs/promises';
import { errorCode } from '../errors/error-code.js';

/** Where the file is kept that was replaced last. @param path that of the file, or of a link to it */
export async function previousOf(path: string): Promise<string> {
  return `${await realpath(path).catch(() => path)}.previous`;
}

/**
 * Keeps what is about to be replaced as its `.previous`, in one step, so that there is always one that is whole.
 * @param partial a name that is tidied up where this process is killed
 */
export async function keepPrevious(target: string, partial: string, mode: number): Promise<void> {
  try {
    await keepOriginal(target, partial);
    await chmod(partial, mode);
    await rename(partial, await previousOf(target));
  } catch (error) {
    // The first has none before it.
    if (errorCode(error) !== 'ENOENT') throw error;
  } finally {
    // Moving a file onto another name of the same file leaves both.
    await rm(partial, { force: true });
  }
}

/** Gives a file a second name, under which it stays when the first is replaced. Where the second is there already, it is left. */
export async function keepOriginal(path: string, as: string): Promise<void> {
  try {
    await link(path, as);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    // Some file systems know no second names.
    await copyFile(path, as, constants.COPYFILE_EXCL);
  }
}
