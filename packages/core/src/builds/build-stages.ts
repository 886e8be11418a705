import type { BuildEvent } from '../contracts/build-event.js';
import type { BuildResult } from '../contracts/image-builder.js';

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

  end(outcome: 'done' | 'failed'): void {
    if (this.#current === undefined) return;
    const { stage, began } = this.#current;
    const milliseconds = Math.round(performance.now() - began);
    this.#current = undefined;
    this.timings.push({ stage, milliseconds });
    this.report({ type: 'stage-ended', stage, outcome, milliseconds });
  }

  results(): BuildResult['timings'] {
    return [...this.timings];
  }
}
