import type { BuildEvent } from '@slipway/core';

// Logged when the executor begins it; the rest of the line says what it is about.
const instruction =
  /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)(?: |$)/;
const others = /^(?:Building stage '|Unpacking rootfs|Pushing image to |Pushing layer )/;
const cachedStep = /^(?:Found cached layer, extracting|Using caching version of cmd: )/;

interface Step {
  readonly step: number;
  readonly began: number;
  cached: boolean;
}

/** Tells the executor's steps by its log: the instructions of the Dockerfile, and what it does around them. */
export class ExecutorSteps {
  #current: Step | undefined;
  #count = 0;

  constructor(private readonly report: (event: BuildEvent) => void) {}

  /** Takes the next line of the log, without colours, before it is reported itself. */
  line(line: string): void {
    const [, said] = /^INFO\[\d+\] (.*)$/.exec(line) ?? [];
    if (said === undefined) return;
    if (this.#current !== undefined && cachedStep.test(said)) this.#current.cached = true;
    if (said.startsWith('Pushed ')) this.end('done');
    if (!instruction.test(said) && !others.test(said)) return;
    this.end('done');
    this.#current = { step: ++this.#count, began: performance.now(), cached: false };
    this.report({ type: 'step-started', step: this.#count, title: title(said) });
  }

  end(outcome: 'done' | 'failed'): void {
    const step = this.#current;
    if (step === undefined) return;
    this.#current = undefined;
    const milliseconds = Math.round(performance.now() - step.began);
    this.report({ type: 'step-ended', step: step.step, outcome, milliseconds, cached: step.cached });
  }
}

function title(said: string): string {
  const [, stage] = /^Building stage '([^']*)'/.exec(said) ?? [];
  if (stage !== undefined) return `FROM ${stage}`;
  return said.startsWith('Unpacking rootfs') ? 'Unpacking the base image' : said.trim();
}
