import type { BuildEvent } from '@slipway/core';
import { PlainProgress } from './plain-progress.js';
import type { ProgressMode } from './progress-mode.js';
import { QuietProgress } from './quiet-progress.js';
import { RawProgress } from './raw-progress.js';
import { TerminalProgress } from './terminal-progress.js';

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

export function buildProgress(mode: ProgressMode, stream: ProgressStream): BuildProgressView {
  switch (mode) {
    case 'tty':
      return new TerminalProgress(stream);
    case 'plain':
      return new PlainProgress(stream);
    case 'quiet':
      return new QuietProgress(stream);
    case 'rawjson':
      return new RawProgress(stream);
  }
}
