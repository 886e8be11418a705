import { PlainProgress } from './plain-progress.js';
import type { ProgressMode } from './progress-mode.js';
import type { BuildProgressView, ProgressStream } from './progress-view.js';
import { QuietProgress } from './quiet-progress.js';
import { RawProgress } from './raw-progress.js';
import { TerminalProgress } from './terminal-progress.js';

/** What shows a build in the mode. */
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
