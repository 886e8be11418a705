import { setTimeout as pause } from 'node:timers/promises';
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

  it('ends it for whoever follows it too, though its own client removes everything at once', async () => {
    const { bench } = used;
    const gate = pushes({ afterInput: ['stay'] });
    const building = bench.told((event) => event.type === 'stage-started' && event.stage === 'build');
    const first = bench.build({ buildId: 'same' });
    await building;
    const following = bench.told((event) => event.type === 'stage-started' && event.stage === 'build');
    const second = bench.build({ buildId: 'same' });
    await following;
    bench.registry.hasTags = true;
    gate.open();
    expect((await Promise.all([first, second])).map(({ digest }) => digest)).to.deep.equal([imageDigest, imageDigest]);
  });

  /** The executor fails after it said so, a while later: time enough to be taken in by what it said. */
  async function failsAfterwards(): Promise<void> {
    const { bench } = used;
    const end = new Gate();
    pushes({ afterInput: [{ gate: end }], exit: { exitCode: 1 } }).open();
    const said = bench.told((event) => event.type === 'log' && event.line.includes('Pushed'));
    const failed = bench.failure('EXECUTOR_FAILED');
    await said;
    await pause(200);
    end.open();
    await failed;
  }

  it('ends nothing where it was there before: the end of the executor counts', async () => {
    used.bench.registry.hasTags = true;
    await failsAfterwards();
  });

  it('ends nothing where the log alone knows of it', async () => {
    await failsAfterwards();
  });
});
