import type { BuildEvent } from '@slipway/core';
import type { BuildProgressView, ProgressStream } from './progress-view.js';
import { warningLines } from './event-text.js';

/** Nothing but warnings. */
export class QuietProgress implements BuildProgressView {
  constructor(private readonly stream: ProgressStream) {}

  show(event: BuildEvent): void {
    if (event.type !== 'warning') return;
    this.stream.write(
      warningLines(event)
        .map((line) => `${line}\n`)
        .join(''),
    );
  }

  note(text: string): void {
    this.stream.write(`${text}\n`);
  }

  end(): void {}
}
