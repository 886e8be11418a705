import type { BuildEvent } from '@slipway/core';
import { expect } from 'chai';
import { ExecutorSteps } from '../../src/build/executor-steps.js';

function stepsOf(lines: readonly string[], outcome: 'done' | 'failed' = 'done'): readonly string[] {
  const told: string[] = [];
  const steps = new ExecutorSteps((event: BuildEvent) => {
    if (event.type === 'step-started') told.push(`${event.step} ${event.title}`);
    if (event.type === 'step-ended') told.push(`${event.step} ${event.outcome}${event.cached ? ' cached' : ''}`);
  });
  for (const line of lines) steps.line(line);
  steps.end(outcome);
  return told;
}

describe("The executor's steps", () => {
  it('are the instructions, and what it does around them', () => {
    expect(
      stepsOf([
        'INFO[0000] Retrieving image manifest r/busybox:1',
        "INFO[0000] Building stage 'r/busybox:1' [idx: '0', base-idx: '-1']",
        'INFO[0000] Unpacking rootfs as cmd RUN make requires it.',
        'INFO[0000] RUN make &&     make install',
        'INFO[0000] Running: [/bin/sh -c make]',
        'gcc',
        'INFO[0012] COPY . /app',
        'INFO[0013] Pushing image to r/app:1',
        'INFO[0013] Pushed r/app@sha256:1',
      ]),
    ).to.deep.equal([
      '1 FROM r/busybox:1',
      '1 done',
      '2 Unpacking the base image',
      '2 done',
      '3 RUN make &&     make install',
      '3 done',
      '4 COPY . /app',
      '4 done',
      '5 Pushing image to r/app:1',
      '5 done',
    ]);
  });

  it('say where a layer of an earlier build served', () => {
    const lines = ['INFO[0000] RUN a', 'INFO[0000] Found cached layer, extracting to filesystem', 'INFO[0000] RUN b'];
    expect(stepsOf(lines)).to.deep.equal(['1 RUN a', '1 done cached', '2 RUN b', '2 done']);
  });

  it('fail with the executor', () => {
    expect(stepsOf(['INFO[0000] RUN a', 'no'], 'failed')).to.deep.equal(['1 RUN a', '1 failed']);
  });

  it('are not what a command prints', () => {
    expect(stepsOf(['RUN a', 'COPY b', 'INFO: RUN c'])).to.deep.equal([]);
  });
});
