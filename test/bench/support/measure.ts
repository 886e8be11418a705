import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** One whole command, from the start of its process to its end. */
export interface Measurement {
  readonly milliseconds: number;
  /** The most memory that the process was seen to hold, in bytes, without its children; 0 where the system does not tell. */
  readonly peakMemory: number;
  /** `Date.now()` of the start and of the end. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly stderr: string;
}

const memoryEveryMilliseconds = 20;

// What a shell may have Node do at each start, such as reading hundreds of certificates, is no time of what is measured.
const noSettingsOfNode = { NODE_EXTRA_CA_CERTS: undefined, NODE_OPTIONS: undefined };

/** Runs a command and measures it. @throws Error where it fails */
export async function measure(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Measurement> {
  const startedAt = Date.now();
  const began = performance.now();
  const child = spawn(command, args, {
    env: { ...process.env, ...noSettingsOfNode, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  let peakMemory = 0;
  const timer = setInterval(() => (peakMemory = Math.max(peakMemory, memoryOf(child))), memoryEveryMilliseconds);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  }).finally(() => clearInterval(timer));
  const milliseconds = performance.now() - began;
  if (exitCode !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${exitCode}:\n${stderr.slice(-4_000)}`);
  return { milliseconds, peakMemory, startedAt, endedAt: Date.now(), stderr };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** The median of the ratios, pair by pair: what slowed both of a pair alike does not count. */
export function medianRatio(one: readonly Measurement[], other: readonly Measurement[]): number {
  return median(one.map((run, index) => run.milliseconds / (other[index]?.milliseconds ?? Number.NaN)));
}

export function medianSeconds(runs: readonly Measurement[]): number {
  return median(runs.map(({ milliseconds }) => milliseconds)) / 1000;
}

function memoryOf({ pid }: ChildProcess): number {
  try {
    // The kernel keeps the peak, so that nothing falls between two looks but what comes after the last.
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
