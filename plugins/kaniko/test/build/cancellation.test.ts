import { randomBytes } from 'node:crypto';
import { Gate } from '@slipway/testing';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';

describe('A cancelled build', () => {
  const used = useBench();

  /** Cancels the build when the moment has come. */
  async function cancelledAt(moment: Promise<unknown>): Promise<void> {
    const controller = new AbortController();
    const failing = used.bench.failure('BUILD_CANCELLED', {}, { signal: controller.signal });
    await moment;
    controller.abort();
    expect((await failing).exitCode).to.equal(130);
    // Asserted here and not only after the test: when the build has ended there must be nothing to wait for.
    expect(used.bench.left).to.deep.equal([]);
    expect(used.bench.warnings).to.deep.equal([]);
  }

  it('that was cancelled before it began asks nothing of the cluster', async () => {
    const { bench } = used;
    await bench.failure('BUILD_CANCELLED', {}, { signal: AbortSignal.abort() });
    expect(bench.api.requests).to.deep.equal([]);
  });

  it('removes everything while it waits for a pod', async () => {
    const gate = new Gate();
    used.bench.script({ beforePod: [{ gate }] });
    await cancelledAt(gate.reached);
  });

  it('removes everything while the pod waits for room', async () => {
    used.bench.script({ beforeContainer: [{ unschedulable: 'no room' }, 'stay'] });
    await cancelledAt(used.bench.told(({ type }) => type === 'waiting'));
  });

  it('removes everything during the upload', async () => {
    const { bench } = used;
    // More than fits into the buffers on the way, so that the upload stands still.
    await bench.file('large.bin', randomBytes(32 * 1024 * 1024));
    const gate = new Gate();
    bench.script({ readBytes: 100_000, afterInput: [{ gate }] });
    await cancelledAt(gate.reached);
    expect(bench.eventsOf('stage-ended').at(-1)).to.include({
      stage: 'upload',
      outcome: 'failed',
      interruption: 'cancelled',
    });
  });

  it('removes everything during the build', async () => {
    const { bench } = used;
    bench.script({ afterInput: [{ log: 'RUN sleep' }, 'stay'] });
    await cancelledAt(bench.told(({ type, ...event }) => type === 'log' && 'line' in event));
    expect(bench.lines).to.deep.equal(['RUN sleep']);
  });

  it('removes the Job whose creation was under way', async () => {
    const { bench } = used;
    const controller = new AbortController();
    // The answer is kept back: the Job is there, and its creator does not know.
    const created = new Gate();
    bench.script({ beforePod: [{ gate: created }] });
    bench.api.faults.answer({ method: 'GET', path: /\/jobs\//, code: 500 });
    bench.api.faults.loseAnswer({ method: 'POST', path: /\/jobs\?/ });
    const failing = bench.failure('BUILD_CANCELLED', {}, { signal: controller.signal });
    await created.reached;
    controller.abort();
    await failing;
  });
});
