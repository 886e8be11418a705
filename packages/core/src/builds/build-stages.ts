import type { BuildEvent, StageEnded } from '../contracts/build-event.js';
import type { BuildResult } from '../contracts/image-builder.js';
import { SlipwayError } from '../errors/slipway-error.js';

const interruptions: Readonly<Record<string, StageEnded['interruption']>> = {
  BUILD_CANCELLED: 'cancelled',
  BUILD_GOES_ON: 'left',
};

/** For authors of image builders: reports the stages of a build, one after the other, and keeps how long each took. */
export class BuildStages {
  readonly timings: { stage: string; milliseconds: number }[] = [];
  #current: { stage: string; began: number } | undefined;

  constructor(readonly report: (event: BuildEvent) => void) {}

  get current(): string {
    return this.#current?.stage ?? '';
  }

  /** Ends the stage before, and begins the next. */
  begin(stage: string, title: string): void {
    this.end('done');
    this.#current = { stage, began: performance.now() };
    this.report({ type: 'stage-started', stage, title });
  }

  /** Ends the stage that the error ended. */
  fail(error: unknown): void {
    this.end('failed', SlipwayError.is(error) ? interruptions[error.code] : undefined);
  }

  end(outcome: 'done' | 'failed', interruption?: StageEnded['interruption']): void {
    if (this.#current === undefined) return;
    const { stage, began } = this.#current;
    const milliseconds = Math.round(performance.now() - began);
    this.#current = undefined;
    this.timings.push({ stage, milliseconds });
    this.report({ type: 'stage-ended', stage, outcome, ...(interruption && { interruption }), milliseconds });
  }

  results(): BuildResult['timings'] {
    return [...this.timings];
  }
}
