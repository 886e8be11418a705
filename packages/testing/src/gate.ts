import { deferred } from './deferred.js';

/**
 * A point of a script that the test releases by hand, in place of a delay.
 *
 * ```ts
 * const gate = new Gate();
 * api.script({ afterInput: [{ log: 'half way' }, { gate }] });
 * // … start the build …
 * await gate.reached;  // the container has written its line and waits
 * gate.open();
 * ```
 */
export class Gate {
  private readonly arrival = deferred();
  private readonly release = deferred();

  /** Resolves when a script has come to this gate. */
  get reached(): Promise<void> {
    return this.arrival.promise;
  }

  /** Lets everything that waits here, or comes here later, go on. */
  open(): void {
    this.release.resolve();
  }

  /** Used by what runs the script: reports its arrival and waits for `open()`. */
  async pass(): Promise<void> {
    this.arrival.resolve();
    await this.release.promise;
  }
}
