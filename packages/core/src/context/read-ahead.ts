import { ContextFile } from './context-file.js';

const filesAhead = 32;

export interface WholeFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/**
 * Reads whole files in the order given. While files come from memory a synchronous read takes a fraction of the time of an asynchronous
 * one, and leaves the thread pool to those who need it. A read that had to wait (for a disk, a network) is followed by many at once, so
 * that the latency of one is not that of all.
 */
export class ReadAhead {
  private readonly reads: Promise<Buffer>[] = [];
  private readonly scratch: Buffer;
  private started = 0;
  // One alone may have waited for a core rather than for a disk.
  private lastHadToWait = false;

  /**
   * @param largest size of the largest file, in bytes
   * @param slow milliseconds above which a read had to wait
   */
  constructor(
    private readonly root: string,
    private readonly files: readonly WholeFile[],
    largest: number,
    private readonly slow = 1,
  ) {
    this.scratch = Buffer.allocUnsafeSlow(largest);
  }

  /**
   * The content of the next file, cut at the size of its entry; valid until the next call.
   * @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
   */
  next(): Buffer | Promise<Buffer> {
    const running = this.reads.shift();
    if (running !== undefined) return running;

    const file = this.files[this.started++];
    if (file === undefined) throw new Error('All files are read.');
    const content = this.scratch.subarray(0, file.size);
    const start = performance.now();
    ContextFile.readSync(this.root, file.path, content);
    const hadToWait = performance.now() - start > this.slow;
    if (hadToWait && this.lastHadToWait) this.startMany();
    this.lastHadToWait = hadToWait;
    return content;
  }

  /** Resolves when all files are closed again; nothing may be read afterwards. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.reads);
  }

  private startMany(): void {
    const many = this.files.slice(this.started, this.started + filesAhead);
    this.started += many.length;
    for (const file of many) {
      const content = readWhole(this.root, file);
      content.catch(() => undefined); // a failure counts when its turn comes, which it may never do
      this.reads.push(content);
    }
  }
}

async function readWhole(root: string, { path, size }: WholeFile): Promise<Buffer> {
  const file = await ContextFile.open(root, path);
  try {
    const content = Buffer.allocUnsafe(size);
    for (let position = 0; position < size;) position += await file.read(content.subarray(position), position);
    return content;
  } finally {
    await file.close();
  }
}
