import { Gate } from '@slipway/testing';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';
import { imageDigest } from '../support/scripted-registry.js';

describe('An image that was pushed', () => {
  const used = useBench();

  /** An executor that says that it has pushed once the gate is open. */
  function pushes(after: Parameters<typeof used.bench.script>[0]): Gate {
    const { bench } = used;
    const gate = new Gate();
    const pushed = { log: `\u001b[36mINFO\u001b[0m[0001] Pushed ${bench.registry.host}/demo/hello@${imageDigest}   ` };
    bench.script({ ...after, afterInput: [{ gate }, pushed, ...(after.afterInput ?? [])] });
    return gate;
  }

  it('ends the build when the registry has it, before the cluster tells of the end of its container', async () => {
    const { bench } = used;
    const gate = pushes({ afterInput: ['stay'] });
    const building = bench.told((event) => event.type === 'stage-started' && event.stage === 'build');
    const built = bench.build();
    await building;
    bench.registry.hasTags = true;
    gate.open();
    expect((await built).digest).to.equal(imageDigest);
    expect(bench.warnings).to.deep.equal([]);
  });

  it('ends nothing where it was there before: the end of the executor counts', async () => {
    const { bench } = used;
    bench.registry.hasTags = true;
    pushes({ exit: { exitCode: 1 } }).open();
    await bench.failure('EXECUTOR_FAILED');
  });

  it('ends nothing where the log alone knows of it', async () => {
    const { bench } = used;
    pushes({ exit: { exitCode: 1 } }).open();
    await bench.failure('EXECUTOR_FAILED');
  });
});
