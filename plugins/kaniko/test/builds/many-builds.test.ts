import { Gate } from '@slipway/testing';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';

describe('Fifty builds at once from one process', () => {
  const used = useBench();

  it('all end right, each with its own log, and leave nothing', async () => {
    const { bench } = used;
    await bench.configure();
    const gate = new Gate();
    bench.script({ afterInput: [{ log: 'RUN make' }, { gate }] });
    const logs = new Map<number, number>();
    const builds = Array.from({ length: 50 }, (_, index) =>
      bench.slipway.build(
        { contextDirectory: bench.context, tags: [`demo/app-${index}:1`] },
        { onEvent: ({ type }) => type === 'log' && logs.set(index, (logs.get(index) ?? 0) + 1) },
      ),
    );
    await gate.reached;
    gate.open();
    const results = await Promise.all(builds);
    expect(results.map(({ images }) => images[0]?.tag)).to.deep.equal(
      results.map((_, index) => `${bench.registry.host}/demo/app-${index}:1`),
    );
    expect(new Set(results.map(({ buildId }) => buildId)).size).to.equal(50);
    expect([...logs.values()]).to.deep.equal(Array.from({ length: 50 }, () => 1));
    expect(await bench.slipway.builds.list()).to.have.length(50);
  });
});
