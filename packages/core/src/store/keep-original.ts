import { chmod, copyFile, constants, link, realpath, rename, rm } from 'node:fs/promises';
import { errorCode } from '../errors/error-code.js';

/** Where the file is kept that was replaced last. @param path that of the file, or of a link to it */
export async function previousOf(path: string): Promise<string> {
  return `${await realpath(path).catch(() => path)}.previous`;
}

/**
 * Keeps what is about to be replaced as its `.previous`, in one step, so that there is always one that is whole.
 * @param partial a name that is tidied up where this process is killed
 * @param instead the file whose content is kept in place of what is replaced
 */
export async function keepPrevious(target: string, partial: string, mode: number, instead?: string): Promise<void> {
  try {
    // A copy, since a second name would be broken together with the first.
    if (instead === undefined) await keepOriginal(target, partial);
    else await copyFile(instead, partial, constants.COPYFILE_EXCL);
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
