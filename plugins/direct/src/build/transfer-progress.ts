import type { BuildStages } from '@slipway/core';

const everyMilliseconds = 100;

/** Counts the bytes that are sent, and reports them as progress of the stage that runs. */
export class TransferProgress {
  #sent = 0;
  #reportedAt = 0;

  constructor(
    private readonly stages: BuildStages,
    private readonly totalBytes: number,
  ) {
    this.#report();
  }

  /** The content, counted while it passes. Where a broken transfer begins anew, what was lost of it no longer counts. */
  counted(content: () => AsyncIterable<Buffer>): () => AsyncIterable<Buffer> {
    let before = 0;
    const start = (): void => {
      this.#sent -= before;
      before = 0;
    };
    const add = (bytes: number): void => {
      before += bytes;
      this.#add(bytes);
    };
    return async function* () {
      start();
      for await (const chunk of content()) {
        yield chunk;
        add(chunk.length);
      }
    };
  }

  #add(bytes: number): void {
    this.#sent += bytes;
    if (this.#sent >= this.totalBytes || performance.now() - this.#reportedAt >= everyMilliseconds) this.#report();
  }

  #report(): void {
    this.#reportedAt = performance.now();
    const { stages, totalBytes } = this;
    stages.report({ type: 'progress', stage: stages.current, bytes: this.#sent, totalBytes });
  }
}
