import type { BuildEvent } from '@slipway/core';
import { printable } from '../printable.js';
import type { BuildProgressView, ProgressStream } from './progress-view.js';
import { createdLine, logLines, stageEnd, waitingLines, warningLines } from './event-text.js';

interface Stage {
  readonly title: string;
  bytes?: number | undefined;
}

/** Every event as lines that stay, in the order of the events: for logs, and for people who read them. */
export class PlainProgress implements BuildProgressView {
  /** By platform; of a build for one platform, under the empty text. */
  readonly #stages = new Map<string, Stage>();

  constructor(private readonly stream: ProgressStream) {}

  show(event: BuildEvent): void {
    const { platform = '' } = event;
    const stage = this.#stages.get(platform);
    switch (event.type) {
      case 'build-created':
        return this.#lines(event, [createdLine(event)]);
      case 'stage-started':
        this.#stages.set(platform, { title: event.title });
        return this.#lines(event, [`${event.title}…`]);
      case 'stage-ended':
        this.#stages.delete(platform);
        return this.#lines(event, [stageEnd(stage?.title ?? event.stage, event, stage?.bytes)]);
      case 'progress':
        if (stage !== undefined) stage.bytes = event.bytes;
        return;
      case 'waiting':
        return this.#lines(event, waitingLines(event));
      case 'log':
        return this.#lines(
          event,
          logLines(event.line).map((line) => `  ${line}`),
        );
      case 'warning':
        return this.#lines(event, warningLines(event));
      case 'step-started':
      case 'step-ended':
        // The log, which is shown whole, has its own words for them.
        return;
    }
  }

  note(text: string): void {
    this.stream.write(`${text}\n`);
  }

  end(): void {}

  #lines({ platform }: BuildEvent, lines: readonly string[]): void {
    const prefix = platform === undefined ? '' : `[${printable(platform)}] `;
    this.stream.write(lines.map((line) => `${prefix}${line}\n`).join(''));
  }
}
