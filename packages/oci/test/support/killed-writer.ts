import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Lets a process write a blob into a layout, or an image of it into an archive, and kills it in the middle. */
export async function killedWriter(layout: string, ...archive: readonly string[]): Promise<void> {
  const writer = await runningWriter(layout, ...archive);
  await writer.kill();
}

interface RunningWriter {
  /** Without giving it a chance to tidy up. */
  kill(): Promise<void>;
}

/** The same, still writing. */
export async function runningWriter(layout: string, ...archive: readonly string[]): Promise<RunningWriter> {
  const script = join(import.meta.dirname, 'write-for-ever.js');
  const child = spawn(process.execPath, [script, layout, ...archive], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
