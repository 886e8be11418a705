import type { SlipwayError } from '@slipway/core';
import { buildCancelled } from '@slipway/core';

/** The signal under which a build runs: aborted with our own error when the caller cancels, or when something takes too long. */
export class BuildLife {
  readonly #controller = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #cancel: () => void;
  #cancelled = buildCancelled;

  constructor(private readonly caller: AbortSignal | undefined) {
    this.#cancel = () => this.#controller.abort(this.#cancelled());
    caller?.addEventListener('abort', this.#cancel, { once: true });
    if (caller?.aborted) this.#cancel();
  }

  /** What it is from now on that the caller ends, as an error. */
  cancelledAs(error: () => SlipwayError): void {
    this.#cancelled = error;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the build with the error after so long; without seconds there is no limit. @returns what lifts the limit again */
  limit(seconds: number | undefined, error: (seconds: number) => SlipwayError): () => void {
    if (seconds === undefined) return () => undefined;
    const timer = setTimeout(() => this.#controller.abort(error(seconds)), seconds * 1000);
    timer.unref();
    this.#timers.add(timer);
    return () => clearTimeout(timer);
  }

  /** Runs one phase of the build under a limit of its own. */
  async within<T>(
    seconds: number | undefined,
    error: (seconds: number) => SlipwayError,
    phase: () => Promise<T>,
  ): Promise<T> {
    const lift = this.limit(seconds, error);
    try {
      return await phase();
    } finally {
      lift();
    }
  }

  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.caller?.removeEventListener('abort', this.#cancel);
  }
}
