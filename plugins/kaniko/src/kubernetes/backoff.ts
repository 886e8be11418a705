import { setTimeout as sleep } from 'node:timers/promises';

/** Waiting times between tries: doubling from 100 ms to 2 s, each shortened at random so that clients do not march in step. */
export class Backoff {
  #tries = 0;

  /** @param atLeast milliseconds that the other side asked for */
  async wait(signal: AbortSignal | undefined, atLeast = 0): Promise<void> {
    const longest = Math.min(2_000, 100 * 2 ** this.#tries++);
    const milliseconds = Math.max(atLeast, longest * (0.5 + Math.random() / 2));
    await sleep(milliseconds, undefined, signal === undefined ? {} : { signal });
  }

  /** To be called after a success. */
  reset(): void {
    this.#tries = 0;
  }
}
