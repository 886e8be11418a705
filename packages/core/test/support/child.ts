import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts a module of this folder as a process of its own. */
export function startChild(module: string, ...args: string[]): ChildProcess {
  return fork(fileURLToPath(new URL(`./${module}.js`, import.meta.url)), args);
}

/** Waits until the process has ended. @throws where it failed by itself */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  if (child.exitCode) throw new Error(`the child ended with ${child.exitCode}`);
}

/** Ends the process as `kill -9` does, and waits for it. */
export async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await ended(child);
}
