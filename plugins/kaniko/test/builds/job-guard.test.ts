import { Gate } from '@slipway/testing';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';

describe('The deadline of a Job', () => {
  const used = useBench();

  function deadline(): number {
    return Number(used.bench.api.objects.jobs[0]?.spec['activeDeadlineSeconds']);
  }

  it('is near while the executor waits for its client, and that of the build once it has its input', async () => {
    const { bench } = used;
    await bench.configure({ pod_running_timeout: 100, upload_timeout: 200, build_timeout: 1000 });
    const [before, after] = [new Gate(), new Gate()];
    bench.script({ beforeContainer: [{ gate: before }], afterInput: [{ gate: after }] });
    const building = bench.build();
    await before.reached;
    await until(() => deadline() < 1000);
    expect(deadline()).to.be.within(100, 140);
    before.open();
    await after.reached;
    await until(() => deadline() === 1000);
    after.open();
    await building;
  });

  it('is that of the build from the start where Jobs may not be changed, without a word', async () => {
    const { bench } = used;
    bench.api.forbid({ verb: 'patch', resource: 'jobs' });
    await bench.build();
    expect(bench.warnings).to.deep.equal([]);
  });
});

describe('A pod that was made and deleted before anybody looked', () => {
  const used = useBench();

  it('ends its build soon', async () => {
    const { bench } = used;
    await bench.configure({ pod_running_timeout: 300 });
    // The watch begins after all is over: it never sees the pod.
    bench.api.faults.answer({ method: 'GET', path: /\/pods\?/, code: 503, retryAfter: 1 });
    bench.script({ beforeContainer: [{ deleted: 'pod' }] });
    expect((await bench.failure('POD_LOST')).reason).to.include('BackoffLimitExceeded');
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
