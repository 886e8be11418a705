import type { BuildEvent } from '@slipway/core';

/** What showing progress needs of standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

/** Shows the events of a build. */
export interface BuildProgressView {
  show(event: BuildEvent): void;
  /** Something that is said beside the events. */
  note(text: string): void;
  /** Leaves the stream in order; call it before anything else is written. */
  end(): void;
}
