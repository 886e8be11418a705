import type { BuildEvent } from '@slipway/core';
import { Gate } from '@slipway/testing';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';
import { failure } from '../support/failures.js';

describe('With max_parallel_builds, builds', () => {
  const used = useBench();

  it('wait for each other in their order, are told why, and never more run than may', async () => {
    const { bench } = used;
    await bench.configure({ max_parallel_builds: 2 });
    let running = 0;
    let most = 0;
    const gate = new Gate();
    bench.script({ afterInput: [{ log: 'runs' }, { gate }] });
    const count = (event: BuildEvent): void => {
      if (event.type === 'log') most = Math.max(most, ++running);
      if (event.type === 'stage-ended' && event.stage === 'build') running--;
    };
    const waits: string[] = [];
    const build = (tag: string): Promise<unknown> =>
      bench.slipway.build(
        { contextDirectory: bench.context, tags: [tag] },
        {
          onEvent: (event) => {
            count(event);
            if (event.type === 'waiting') waits.push(event.message);
          },
        },
      );
    const first = [build('a:1'), build('b:1')];
    await gate.reached;
    const more = ['c:1', 'd:1', 'e:1', 'f:1'].map(build);
    while (waits.length < 4) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(waits[0]).to.match(/^Builds of this image builder that run: \d of at most 2/);
    gate.open();
    await Promise.all([...first, ...more]);
    expect(most).to.be.at.most(2);
  });

  it('give up after queue_timeout, and leave nothing', async () => {
    const { bench } = used;
    await bench.configure({ max_parallel_builds: 1, queue_timeout: 1 });
    const gate = new Gate();
    bench.script({ afterInput: [{ gate }] });
    const first = bench.build();
    await gate.reached;
    const error = await failure(
      'QUEUE_TIMEOUT',
      bench.slipway.build({ contextDirectory: bench.context, tags: ['b:1'] }),
    );
    expect(error.fix).to.include('slipway builds list');
    expect(bench.api.objects.jobs).to.have.length(1);
    gate.open();
    await first;
  });

  /** One build runs, and another waits for its turn. */
  async function waiting(): Promise<{ id: string; build: Promise<unknown>; end: () => Promise<unknown> }> {
    const { bench } = used;
    await bench.configure({ max_parallel_builds: 1 });
    const gate = new Gate();
    bench.script({ afterInput: [{ gate }] });
    const first = bench.build();
    await gate.reached;
    const waits = bench.told(({ type }) => type === 'waiting');
    const build = bench.build({ buildId: 'waits', tags: ['b:1'] });
    build.catch(() => undefined);
    await waits;
    const end = (): Promise<unknown> => {
      gate.open();
      return first;
    };
    return { id: 'waits', build, end };
  }

  it('that are cancelled from elsewhere wait no longer', async () => {
    const { bench } = used;
    const { id, build, end } = await waiting();
    await bench.slipway.builds.cancel(id);
    await failure('BUILD_DELETED', build);
    await end();
  });

  it('whose client has died in the queue are pruned, and those that wait are not', async () => {
    const { bench } = used;
    const { id, build, end } = await waiting();
    const there = bench.api.objects.jobs.find(({ metadata }) => metadata.name.endsWith(id));
    const { labels, annotations } = there?.metadata ?? {};
    const forsaken = {
      ...there,
      metadata: {
        name: 'forsaken',
        labels: { ...labels, 'slipway.dev/build-id': 'forsaken' },
        annotations: { ...annotations, 'slipway.dev/alive': '2020-01-01T00:00:00.000Z' },
      },
    };
    bench.api.put('jobs', 'builds', forsaken);
    expect(await bench.slipway.builds.prune()).to.deep.equal(['forsaken']);
    expect(bench.api.objects.jobs.filter(({ spec }) => spec.suspend)).to.have.length(1);
    await end();
    await build;
  });

  it('that may not list Jobs say so', async () => {
    const { bench } = used;
    await bench.configure({ max_parallel_builds: 1 });
    bench.api.forbid({ verb: 'list', resource: 'jobs' });
    expect((await bench.failure('KUBERNETES_FORBIDDEN')).message)
      .to.include('list')
      .and.to.include('jobs');
  });
});
