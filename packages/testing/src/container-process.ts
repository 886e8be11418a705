import { createHash } from 'node:crypto';
import { deferred } from './deferred.js';

/** Standard input beyond this many bytes is counted and hashed, but not kept. */
const keptInput = 16 * 1024 * 1024;

/** What arrived at a container's standard input. */
export interface ReceivedInput {
  readonly bytes: number;
  /** Hexadecimal, of all bytes so far. */
  readonly sha256: string;
  /** The bytes themselves; undefined beyond 16 MiB. */
  readonly content: Buffer | undefined;
  /** `open`: more may come; `ended`: end of input was sent; `cut`: the link was lost. */
  readonly state: 'open' | 'ended' | 'cut';
}

/** The standard input of a container: takes bytes only while the process reads. */
class ContainerInput {
  private readonly hash = createHash('sha256');
  private chunks: Buffer[] | undefined = [];
  private bytes = 0;
  private wanted = 0;
  private current: ReceivedInput['state'] = 'open';
  private readonly satisfied = deferred();
  private readonly readers = new Set<() => void>();

  /** Whether more bytes may be offered now; a sender told otherwise waits for `onReading`. */
  get reading(): boolean {
    return this.bytes < this.wanted;
  }

  offer(chunk: Buffer): void {
    if (this.current !== 'open') return;
    this.hash.update(chunk);
    this.bytes += chunk.length;
    if (this.bytes > keptInput) this.chunks = undefined;
    this.chunks?.push(Buffer.from(chunk));
    if (this.wanted > 0 && !this.reading) this.satisfied.resolve();
  }

  finish(state: 'ended' | 'cut'): void {
    if (this.current === 'open') this.current = state;
    this.satisfied.resolve();
  }

  /** Reads until `count` bytes have come or the input has ended. */
  async read(count: number): Promise<void> {
    this.wanted = count;
    if (this.bytes >= count) this.satisfied.resolve();
    for (const reader of this.readers) reader();
    await this.satisfied.promise;
  }

  onReading(listener: () => void): () => void {
    this.readers.add(listener);
    return () => this.readers.delete(listener);
  }

  get received(): ReceivedInput {
    return {
      bytes: this.bytes,
      sha256: this.hash.copy().digest('hex'),
      content: this.chunks === undefined ? undefined : Buffer.concat(this.chunks),
      state: this.current,
    };
  }
}

export interface LogLine {
  /** RFC 3339 with nine digits, strictly rising. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** One container as the kubelet sees it: its streams, and whether it has ended. */
export class ContainerProcess {
  readonly input = new ContainerInput();
  readonly lines: LogLine[] = [];
  private lastTime = 0n;
  private done = false;
  private readonly listeners = new Set<(line: LogLine | undefined) => void>();

  get ended(): boolean {
    return this.done;
  }

  write(text: string, stream: LogLine['stream'] = 'stdout'): void {
    const line = { time: this.nextTime(), stream, text };
    this.lines.push(line);
    for (const listener of [...this.listeners]) listener(line);
  }

  end(): void {
    if (this.done) return;
    this.done = true;
    for (const listener of [...this.listeners]) listener(undefined);
  }

  /** Calls the listener with each later line, and with undefined once at the end. */
  onOutput(listener: (line: LogLine | undefined) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private nextTime(): string {
    const now = BigInt(Date.now()) * 1_000_000n;
    this.lastTime = now > this.lastTime ? now : this.lastTime + 1n;
    const seconds = new Date(Number(this.lastTime / 1_000_000n)).toISOString().slice(0, 19);
    return `${seconds}.${String(this.lastTime % 1_000_000_000n).padStart(9, '0')}Z`;
  }
}
