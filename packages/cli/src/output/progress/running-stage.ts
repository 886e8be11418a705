import type { BuildEvent } from '@slipway/core';
import { humanDuration } from '../quantities.js';
import { printable } from '../printable.js';
import { logLines } from './event-text.js';
import { TransferBar } from './transfer-bar.js';

// What is shown of a step while it runs, and kept of it in case it fails.
const shownLines = 5;
const keptLines = 2_000;

interface Step {
  readonly step: number;
  readonly title: string;
  readonly startedAt: number;
}

/** A stage that runs, with the step it is at and the last lines logged: what the live area of a terminal shows of it. */
export class RunningStage {
  readonly bar: TransferBar;
  #totalBytes: number | undefined;
  #bytes: number | undefined;
  #step: Step | undefined;
  #log: string[] = [];
  #dropped = 0;

  constructor(
    readonly title: string,
    private readonly startedAt: number,
  ) {
    this.bar = new TransferBar(startedAt);
  }

  get bytes(): number | undefined {
    return this.#bytes;
  }

  /** The step that runs, if it is that of an event. */
  step(number: number): Step | undefined {
    return this.#step?.step === number ? this.#step : undefined;
  }

  take(event: BuildEvent, now: number): void {
    switch (event.type) {
      case 'progress':
        this.#bytes = event.bytes;
        this.#totalBytes = event.totalBytes;
        this.bar.progress(event.bytes, now);
        break;
      case 'step-started':
        this.#step = { step: event.step, title: oneLine(event.title), startedAt: now };
        this.#forgetLog();
        break;
      case 'step-ended':
        this.#step = undefined;
        this.#forgetLog();
        break;
      case 'log':
        this.#log.push(...logLines(event.line));
        if (this.#log.length > 2 * keptLines) {
          this.#dropped += this.#log.length - keptLines;
          this.#log = this.#log.slice(-keptLines);
        }
        break;
      default:
        break;
    }
  }

  /** Everything that was logged since the last step ended, as far as it was kept. */
  log(): readonly string[] {
    const dropped = this.#dropped === 0 ? [] : [`… ${this.#dropped} lines before; --progress=plain shows all`];
    return [...dropped, ...this.#log];
  }

  /** The lines that stand for it while it runs. `mark` turns with the time. */
  live(mark: string, now: number): readonly string[] {
    const elapsed = humanDuration(now - this.startedAt);
    const transfer = this.#bytes === undefined ? '' : `  ${this.bar.text(this.#totalBytes, now)}`;
    const step = this.#step;
    return [
      `${mark} ${this.title}  ${elapsed}${transfer}`,
      ...(step === undefined ? [] : [`  ${mark} ${step.title}  ${humanDuration(now - step.startedAt)}`]),
      ...this.#log.slice(-shownLines).map((line) => `    ${line}`),
    ];
  }

  #forgetLog(): void {
    this.#log = [];
    this.#dropped = 0;
  }
}

function oneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, ' ').trim();
}
