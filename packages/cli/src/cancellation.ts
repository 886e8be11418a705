import { constants } from 'node:os';

// A parent such as npm may pass on a signal that the terminal has sent to this process already: both are one press of Ctrl-C.
const onePressMilliseconds = 250;

/** Signals that end a process, turned into one that cancels. */
export interface Cancellation {
  readonly signal: AbortSignal;
  /** Of a cancelled process: 128 and the signal's number; undefined while nothing was cancelled. */
  readonly exitCode: number | undefined;
  /** Gives the signals their usual meaning back. */
  stop(): void;
}

/**
 * From now on, the first SIGINT or SIGTERM cancels, and the next leaves the process at once.
 * @param onCancel called with the first
 */
export function cancellation(onCancel: () => void): Cancellation {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let cancelledAt = 0;
  const listener = (name: 'SIGINT' | 'SIGTERM'): void => {
    const code = 128 + constants.signals[name];
    if (exitCode !== undefined) {
      if (performance.now() - cancelledAt < onePressMilliseconds) return;
      process.exit(code);
    }
    exitCode = code;
    cancelledAt = performance.now();
    onCancel();
    controller.abort();
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    stop() {
      process.off('SIGINT', listener);
      process.off('SIGTERM', listener);
    },
  };
}
