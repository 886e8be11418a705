import { Gate } from '@slipway/testing';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';
import { imageDigest } from '../support/scripted-registry.js';

describe('The end of an executor', () => {
  const used = useBench();

  it('is a failed RUN: the error says so, with the last words', async () => {
    const { bench } = used;
    bench.script({
      afterInput: [
        { log: 'INFO[0003] Running: [/bin/sh -c make]' },
        { log: 'make: *** No rule to make target. Stop.', stream: 'stderr' },
        {
          log: 'error building image: error building stage: failed to execute command: waiting for process to exit: exit status 2',
          stream: 'stderr',
        },
      ],
      exit: { exitCode: 2 },
    });
    const error = await bench.failure('RUN_FAILED');
    expect(error.message).to.include('exit status 2');
    expect(error.reason).to.include('No rule to make target').and.not.include('INFO[0003]');
    expect(bench.eventsOf('stage-ended').at(-1)).to.include({ stage: 'build', outcome: 'failed' });
  });

  it('comes before it read its input: what it said counts, not the link', async () => {
    const { bench } = used;
    await bench.file('large.bin', Buffer.alloc(8 * 1024 * 1024, 'slipway'));
    bench.script({
      beforeInput: [{ log: 'Error: unknown flag: --nonsense', stream: 'stderr' }],
      readBytes: 1,
      afterInput: [],
      exit: { exitCode: 1 },
    });
    const error = await bench.failure('EXECUTOR_ARGUMENT_INVALID');
    expect(error.reason).to.include('unknown flag: --nonsense');
  });

  it('is out of memory', async () => {
    const { bench } = used;
    bench.script({ afterInput: [{ log: 'INFO[0009] Taking snapshot' }], exit: { reason: 'OOMKilled' } });
    const error = await bench.failure('OUT_OF_MEMORY');
    expect(error.reason).to.include('Taking snapshot');
  });

  it('is an eviction', async () => {
    const { bench } = used;
    bench.script({ afterInput: [{ evicted: 'The node was low on resource: ephemeral-storage.' }] });
    const error = await bench.failure('POD_EVICTED');
    expect(error.reason).to.equal('Evicted: The node was low on resource: ephemeral-storage.');
  });

  it('is a pod that somebody deleted', async () => {
    const { bench } = used;
    bench.script({ afterInput: [{ log: 'half way' }, { deleted: 'pod' }] });
    const error = await bench.failure('POD_LOST');
    expect(error.reason).to.equal('Deleted: The pod was deleted while the build ran.');
    expect(bench.warnings).to.deep.equal([]);
  });

  it('is a pod that somebody deleted during the upload', async () => {
    const { bench } = used;
    const gate = new Gate();
    bench.script({ beforeInput: [{ gate }, { deleted: 'pod' }] });
    const uploading = bench.told((event) => event.type === 'stage-started' && event.stage === 'upload');
    const failing = bench.failure('POD_LOST');
    await uploading;
    gate.open();
    expect((await failing).reason).to.include('deleted');
  });

  it("is the Job's deadline", async () => {
    const { bench } = used;
    bench.script({ afterInput: [{ deadline: 'exceeded' }] });
    const error = await bench.failure('BUILD_TIMEOUT');
    expect(error.message).to.include('3600 s, its build_timeout');
  });

  it('does not come within build_timeout', async () => {
    const { bench } = used;
    await bench.configure({ build_timeout: 1 });
    bench.script({ afterInput: ['stay'] });
    const error = await bench.failure('BUILD_TIMEOUT');
    expect(error.fix).to.include('--build_timeout=');
  });

  describe('is believed to be a success only with a line of the repository in the termination message:', () => {
    it('not without any', async () => {
      used.bench.script({ exit: { message: '' } });
      await used.bench.failure('RESULT_MISSING');
    });

    it("not with one of the cache's repository", async () => {
      const { bench } = used;
      bench.script({ exit: { message: `${bench.registry.host}/demo/hello/cache@${imageDigest}\n` } });
      await bench.failure('RESULT_MISSING');
    });

    it('not with an exit code', async () => {
      const { bench } = used;
      const message = `${bench.registry.host}/demo/hello@${imageDigest}\n`;
      const log = 'error pushing image: failed to push to destination x: PUT https://x: 500';
      bench.script({ afterInput: [{ log, stream: 'stderr' }], exit: { exitCode: 1, message } });
      await bench.failure('PUSH_FAILED');
    });

    it('also with one of a cache beside it', async () => {
      const { bench } = used;
      const name = `${bench.registry.host}/demo/hello`;
      const cached = `${name}/cache@sha256:${'c'.repeat(64)}`;
      bench.script({ exit: { message: `${cached}\n${name}@${imageDigest}\n` } });
      expect((await bench.build()).digest).to.equal(imageDigest);
    });
  });

  describe('is checked in the registry:', () => {
    it('an image that is not there is a failure', async () => {
      const { bench } = used;
      bench.registry.hasImage = false;
      const error = await bench.failure('IMAGE_NOT_IN_REGISTRY');
      expect(error.message).to.include(imageDigest);
    });

    it('a registry that this machine does not reach is a warning', async () => {
      const { bench } = used;
      const gate = new Gate();
      bench.script({ afterInput: [{ gate }] });
      await bench.configure();
      await bench.registry.stop();
      const building = bench.build();
      await gate.reached;
      gate.open();
      expect((await building).digest).to.equal(imageDigest);
      expect(bench.warnings).to.have.length(1);
      expect(bench.warnings[0]).to.include('not checked in the registry');
    });
  });
});
