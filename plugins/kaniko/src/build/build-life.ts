import { buildCancelled, SlipwayError } from '@slipway/core';

/** The signal under which a build runs: aborted with our own error when the caller cancels, or when the build takes too long. */
export class BuildLife {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #cancel: () => void;

  constructor(
    private readonly caller: AbortSignal | undefined,
    timeoutSeconds: number,
  ) {
    this.#cancel = () => this.#controller.abort(buildCancelled());
    this.#timer = setTimeout(() => this.#controller.abort(timedOut(timeoutSeconds)), timeoutSeconds * 1000);
    this.#timer.unref();
    caller?.addEventListener('abort', this.#cancel, { once: true });
    if (caller?.aborted) this.#cancel();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.caller?.removeEventListener('abort', this.#cancel);
  }
}

export function timedOut(seconds: number): SlipwayError {
  return new SlipwayError({
    code: 'BUILD_TIMEOUT',
    message: `The build was ended after ${seconds} s, its build_timeout.`,
    fix: 'Give it more with: slipway image-builder update NAME --build_timeout=SECONDS',
  });
}
