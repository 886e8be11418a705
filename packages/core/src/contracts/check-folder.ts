import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../errors/error-code.js';
import type { DoctorCheck } from './doctor.js';

/**
 * Looks whether a folder can be read and written, or made where it is not there yet; makes nothing.
 * @param folder absolute
 * @param what it is, with a capital, e.g. `The OCI layout`
 */
export async function checkFolder(id: string, folder: string, what: string): Promise<DoctorCheck> {
  try {
    const existing = await nearestExisting(folder);
    if (!(await stat(existing)).isDirectory()) return unusable(id, what, folder, `${existing} is not a folder.`);
    await access(existing, constants.R_OK | constants.W_OK | constants.X_OK);
    const message =
      existing === folder ? `${what} ${folder} can be written.` : `${what} ${folder} can be made when it is needed.`;
    return { id, outcome: 'ok', message };
  } catch (error) {
    return unusable(id, what, folder, error instanceof Error ? `${error.message}.` : String(error));
  }
}

function unusable(id: string, what: string, folder: string, reason: string): DoctorCheck {
  const fix = `Give yourself permission to write there: ls -ld ${folder}`;
  return { id, outcome: 'failure', message: `${what} ${folder} cannot be written.`, reason, fix };
}

async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    return nearestExisting(dirname(path));
  }
}
