import { createHash, randomUUID } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A name for one hold on a lock, or for a file that is being written, from which others tell its process: id, start, the machine or container, and a random part. */
export async function newHolder(): Promise<string> {
  return [process.pid, (await processStatus(process.pid))?.start, await idSpace(), randomUUID()].join('.');
}

/** Whether the holder's process has certainly ended; false also where that cannot be told from here. */
export async function hasEnded(holder: string): Promise<boolean> {
  const [pid, start, space] = holder.split('.');
  if (space !== (await idSpace())) return false;
  if (!isRunning(Number(pid))) return true;
  const status = await processStatus(Number(pid));
  // A process that nobody has waited for still has its id, and an id may belong to another process by now.
  return status !== undefined && (status.state === 'Z' || status.start !== start);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** From Linux's /proc; undefined elsewhere. */
async function processStatus(pid: number): Promise<{ state?: string; start?: string } | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may itself hold blanks and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], start: fields[19] };
  } catch {
    return undefined;
  }
}

/** Within what process ids mean the same process: a machine, on Linux a container of it. */
async function idSpace(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 16);
}
