import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { slipwayProgram } from './workspace.js';

export interface SlipwayEnd {
  readonly stdout: string;
  readonly stderr: string;
  /** Null where a signal ended the program. */
  readonly exitCode: number | null;
}

const memoryEveryMilliseconds = 50;

/** The real program while it runs. */
export class SlipwayProcess {
  #stdout = '';
  #stderr = '';
  #peakMemory = 0;
  readonly #end: Promise<SlipwayEnd>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly line: string,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    const timer = setInterval(() => this.#measure(), memoryEveryMilliseconds);
    this.#end = new Promise((resolve, reject) => {
      child.on('error', reject).on('close', (exitCode) => {
        clearInterval(timer);
        resolve({ stdout: this.#stdout, stderr: this.#stderr, exitCode });
      });
    });
  }

  /** @param environment beside the environment of the tests */
  static start(args: readonly string[], environment: NodeJS.ProcessEnv): SlipwayProcess {
    const child = spawn(process.execPath, [slipwayProgram, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new SlipwayProcess(child, args.join(' '));
  }

  get end(): Promise<SlipwayEnd> {
    return this.#end;
  }

  /** The most memory that the program was seen to hold, in bytes. */
  get peakMemory(): number {
    return this.#peakMemory;
  }

  /** Waits for the end, which must be a good one. */
  async succeeds(): Promise<SlipwayEnd> {
    const end = await this.#end;
    if (end.exitCode !== 0) throw new Error(`slipway ${this.line} ended with ${String(end.exitCode)}:\n${end.stderr}`);
    return end;
  }

  /** Waits until standard error has the text. */
  async prints(text: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (this.#stderr.includes(text)) resolve();
      };
      this.child.stderr?.on('data', look);
      this.child.on('close', () => reject(new Error(`slipway ${this.line} never printed '${text}':\n${this.#stderr}`)));
      look();
    });
  }

  /** Waits until the program has written so many bytes, to files and links together. Only Linux tells. */
  async hasWritten(bytes: number): Promise<void> {
    const path = `/proc/${this.child.pid ?? 0}/io`;
    while (Number(/^wchar: (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 0) < bytes) {
      if (this.child.exitCode !== null) throw new Error(`slipway ${this.line} ended early:\n${this.#stderr}`);
      await setTimeout(20);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends the program as Ctrl-C does; one that has ended already is left alone. */
  async stop(): Promise<void> {
    this.child.kill('SIGINT');
    await this.#end;
  }

  #measure(): void {
    try {
      // The kernel keeps the peak, so that nothing falls between two looks but what comes after the last.
      const status = readFileSync(`/proc/${this.child.pid ?? 0}/status`, 'utf8');
      const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
      this.#peakMemory = Math.max(this.#peakMemory, Number(kibibytes ?? 0) * 1024);
    } catch {
      // It has ended.
    }
  }
}
