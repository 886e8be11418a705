import type { BuildEvent, StageEnded } from '@slipway/core';
import { printable } from './printable.js';
import { humanDuration, humanRate, humanSize } from './quantities.js';

/** What the renderer needs of standard error. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

interface Stage {
  readonly title: string;
  readonly startedAt: number;
  bytes?: number | undefined;
  totalBytes?: number | undefined;
}

const redrawMilliseconds = 100;

/** Shows the events of a build as lines. On a terminal, the last line follows the stage that runs. */
export class BuildRenderer {
  #stage: Stage | undefined;
  #status = '';
  #drawnAt = 0;

  constructor(private readonly stream: ProgressStream) {}

  render(event: BuildEvent): void {
    switch (event.type) {
      case 'stage-started':
        this.#stage = { title: event.title, startedAt: performance.now() };
        if (this.stream.isTTY) this.#draw();
        else this.#line(`${event.title}…`);
        break;
      case 'stage-ended':
        this.#endStage(event);
        break;
      case 'progress':
        if (this.#stage === undefined) break;
        Object.assign(this.#stage, { bytes: event.bytes, totalBytes: event.totalBytes });
        if (performance.now() - this.#drawnAt >= redrawMilliseconds) this.#draw();
        break;
      case 'waiting':
        this.#line(`Waiting: ${event.message} (${event.reason})`);
        break;
      case 'log':
        // Executors pad their lines for a terminal of another width.
        this.#line(event.line.trimEnd(), '  ');
        break;
      case 'warning':
        this.#line(`Warning: ${event.message}`);
        if (event.reason !== undefined) this.#line(event.reason);
        if (event.fix !== undefined) this.#line(`Fix: ${event.fix}`);
        break;
    }
  }

  /** Leaves the terminal in order; call it before anything else is written. */
  end(): void {
    this.#clear();
    this.#stage = undefined;
  }

  #endStage({ stage: name, outcome, milliseconds }: StageEnded): void {
    const stage = this.#stage;
    this.#stage = undefined;
    const bytes = stage?.bytes;
    const rate = bytes === undefined || milliseconds <= 0 ? '' : ` at ${humanRate(bytes, milliseconds)}`;
    const amount = bytes === undefined ? '' : `, ${humanSize(bytes)}${rate}`;
    const verb = outcome === 'done' ? 'done' : 'failed';
    this.#line(`${stage?.title ?? name}: ${verb} in ${humanDuration(milliseconds)}${amount}`);
  }

  /** Lines that stay, above the one that changes. */
  #line(text: string, indent = ''): void {
    this.#clear();
    const lines = printable(text).split('\n');
    this.stream.write(lines.map((line) => `${indent}${line}\n`).join(''));
    this.#draw();
  }

  #draw(): void {
    if (!this.stream.isTTY || this.#stage === undefined) return;
    const { title, startedAt, bytes, totalBytes } = this.#stage;
    const elapsed = performance.now() - startedAt;
    const sizes = [bytes, totalBytes].filter((size) => size !== undefined).map(humanSize);
    const amount = bytes === undefined ? '' : `  ${sizes.join(' of ')}  ${humanRate(bytes, elapsed)}`;
    this.#clear();
    // A line as wide as the terminal would wrap, and could not be cleared.
    this.#status = printable(`${title}…${amount}`).slice(0, (this.stream.columns ?? 80) - 1);
    this.stream.write(this.#status);
    this.#drawnAt = performance.now();
  }

  #clear(): void {
    if (this.#status !== '') this.stream.write('\r\u001b[K');
    this.#status = '';
  }
}
