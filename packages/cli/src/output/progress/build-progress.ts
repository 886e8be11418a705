import type { Paint } from '../colour.js';
import { PlainProgress } from './plain-progress.js';
import type { ProgressMode } from './progress-mode.js';
import type { BuildProgressView, ProgressStream } from './progress-view.js';
import { QuietProgress } from './quiet-progress.js';
import { RawProgress } from './raw-progress.js';

/** What shows a build in the mode. The tables of wide characters, which a terminal needs, load for a terminal alone. */
export async function buildProgress(
  mode: ProgressMode,
  stream: ProgressStream,
  paint?: Paint,
): Promise<BuildProgressView> {
  switch (mode) {
    case 'tty':
      return new (await import('./terminal-progress.js')).TerminalProgress(stream, paint);
    case 'plain':
      return new PlainProgress(stream);
    case 'quiet':
      return new QuietProgress(stream);
    case 'rawjson':
      return new RawProgress(stream);
  }
}
