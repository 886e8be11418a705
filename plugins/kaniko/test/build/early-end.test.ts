import { setTimeout as pause } from 'node:timers/promises';
import { Gate } from '@slipway/testing';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';
import { failure } from '../support/failures.js';
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

describe('A build that was removed from the cluster before it was seen to end', () => {
  const used = useBench();
  const begins = { log: 'it begins' };
  const other = `sha256:${'0'.repeat(64)}`;

  /** An executor whose pod is removed once the gate is open, after it has said so, if it says anything. */
  function isRemoved(says?: string): Gate {
    const { bench } = used;
    const gate = new Gate();
    const line = { log: `INFO[0001] Pushed ${bench.registry.host}/demo/hello@${says}` };
    bench.script({ afterInput: [begins, { gate }, ...(says === undefined ? [] : [line]), { deleted: 'pod' }] });
    return gate;
  }

  /** Builds until the log is being read, then opens the gate; by then somebody has pushed to the tags or not. */
  async function open(gate: Gate, isPushed: boolean): Promise<void> {
    const { bench } = used;
    await bench.told((event) => event.type === 'log' && event.line === begins.log);
    bench.registry.hasTags = isPushed;
    gate.open();
  }

  it('has made its image where its log says so, and the registry has that under its tags since', async () => {
    void open(isRemoved(imageDigest), true);
    expect((await used.bench.build()).digest).to.equal(imageDigest);
  });

  it('is not taken for successful where another build has pushed to its tags', async () => {
    void open(isRemoved(), true);
    const { reason, fix } = await used.bench.failure('BUILD_OUTCOME_UNKNOWN');
    expect(reason).to.include(imageDigest).and.to.include('does not say that this build pushed it');
    expect(fix).to.include(`${used.bench.registry.host}/demo/hello:1`);
  });

  it('is not known to have made what its log says that it pushed, where the tags name something else', async () => {
    void open(isRemoved(other), true);
    const { reason } = await used.bench.failure('BUILD_OUTCOME_UNKNOWN');
    expect(reason).to.include(`pushed ${other}`).and.to.include(`now has ${imageDigest}`);
  });

  it('is not known to have made what its log says that it pushed, where the registry knows nothing of it', async () => {
    void open(isRemoved(imageDigest), false);
    expect((await used.bench.failure('BUILD_OUTCOME_UNKNOWN')).reason).to.include('could not be confirmed');
  });

  it('is told of by what removed it where neither its log nor the registry has an image of it', async () => {
    void open(isRemoved(), false);
    await used.bench.failure('POD_LOST');
  });

  it('is not taken for successful by those who follow it, where another has pushed to its tags', async () => {
    const { bench } = used;
    bench.script({ afterInput: [begins, 'stay'] });
    const shown = bench.told((event) => event.type === 'log');
    const owner = failure('BUILD_OUTCOME_UNKNOWN', bench.build({ buildId: 'same' }));
    await shown;
    const isFollowed = bench.told((event) => event.type === 'log');
    const follower = failure('BUILD_OUTCOME_UNKNOWN', bench.build({ buildId: 'same' }));
    await isFollowed;
    bench.registry.hasTags = true;
    await bench.slipway.builds.cancel('same');
    await Promise.all([owner, follower]);
  });

  it('and was left to itself has made its image for those who follow it by the same rule', async () => {
    const { bench } = used;
    await bench.configure();
    const gate = isRemoved(imageDigest);
    used.mayLeave(/^Job/);
    const { buildId } = await bench.slipway.builds.start({ contextDirectory: bench.context, tags: ['demo/hello:1'] });
    await gate.reached;
    const attached = bench.slipway.builds.attach(buildId, {
      onEvent: ({ type }) => {
        if (type !== 'log') return;
        bench.registry.hasTags = true;
        gate.open();
      },
    });
    expect((await attached).digest).to.equal(imageDigest);
  });
});
