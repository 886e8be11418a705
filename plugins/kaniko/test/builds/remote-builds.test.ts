import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createSlipway, type Slipway } from '@slipway/core';
import { Gate } from '@slipway/testing';
import { expect } from 'chai';
import plugin from '../../src/index.js';
import { useBench } from '../support/bench.js';
import { failure } from '../support/failures.js';
import { imageDigest } from '../support/scripted-registry.js';
import { testPlugin } from '../support/test-plugin.js';

describe('Builds that outlive their client', () => {
  const used = useBench();
  const log = ['INFO[0001] Using caching version of cmd: RUN a', 'INFO[0002] No cached layer found for cmd RUN b'];

  /** Starts a build that is left to itself, with a container that waits at the gate after its input. */
  async function detached(gate?: Gate): Promise<string> {
    const { bench } = used;
    used.mayLeave(/./);
    if ((await bench.slipway.stacks.activeName()) !== 'prod') await bench.configure();
    const lines = log.map((line) => ({ log: line }));
    bench.script({ afterInput: [...lines, ...(gate === undefined ? [] : [{ gate }])] });
    const request = { contextDirectory: bench.context, tags: ['demo/hello:1'] };
    return (await bench.slipway.builds.start(request)).buildId;
  }

  /** Another machine: a configuration of its own for the same cluster and registry. */
  async function elsewhere(): Promise<Slipway> {
    const { bench } = used;
    const configDirectory = join(bench.folder, 'elsewhere');
    await mkdir(configDirectory);
    const other = await createSlipway({ configDirectory, plugins: [plugin, testPlugin] });
    const builder = { type: 'image_builder', name: 'other', flavor: 'kaniko' } as const;
    await other.components.register({ ...builder, configuration: { kubernetes_context: 'dev' } });
    const registry = { type: 'container_registry', name: 'reg', flavor: 'test' } as const;
    await other.components.register({ ...registry, configuration: { uri: bench.registry.host } });
    await other.stacks.register('s', { image_builder: 'other', container_registry: 'reg' }, { activate: true });
    return other;
  }

  it('are started: the call ends once the context is sent, and the executor goes on', async () => {
    const { bench } = used;
    const gate = new Gate();
    const id = await detached(gate);
    await gate.reached;
    expect(bench.input?.state).to.equal('ended');
    const [build] = await bench.slipway.builds.list();
    expect(build).to.deep.include({ buildId: id, state: 'building', imageBuilder: 'kb', detached: true });
    const [job] = bench.api.objects.jobs;
    expect(job?.spec).to.include({ activeDeadlineSeconds: 3600, ttlSecondsAfterFinished: 3600 });
    gate.open();
  });

  it('are found, shown and attached to from another machine, and their result stays', async () => {
    const gate = new Gate();
    const id = await detached(gate);
    const other = await elsewhere();
    await gate.reached;
    const lines: string[] = [];
    const attached = other.builds.attach(id, { onEvent: (event) => event.type === 'log' && lines.push(event.line) });
    gate.open();
    const result = await attached;
    expect(lines).to.deep.equal(log);
    expect(result.digest).to.equal(imageDigest);
    expect(result.cache).to.deep.equal({ hits: 1, misses: 1 });
    expect(result.timings.map(({ stage }) => stage)).to.deep.equal(['prepare', 'start', 'upload', 'build']);
    const shown = await other.builds.show(id);
    expect(shown).to.deep.include({ state: 'succeeded', digest: result.digest, images: result.images });
    expect(shown.cache).to.deep.equal({ hits: 1, misses: 1 });
    expect((await other.builds.attach(id, { tail: 1 })).digest).to.equal(result.digest);
  });

  it('print their log, from the beginning or the last lines', async () => {
    const gate = new Gate();
    const id = await detached(gate);
    await gate.reached;
    const { builds } = used.bench.slipway;
    const collect = async (options: Parameters<typeof builds.logs>[1]): Promise<string[]> => {
      const lines: string[] = [];
      for await (const line of builds.logs(id, options)) lines.push(line);
      return lines;
    };
    expect(await collect({})).to.deep.equal(log);
    expect(await collect({ tail: 1 })).to.deep.equal(log.slice(1));
    const following = collect({ follow: true });
    gate.open();
    expect(await following).to.deep.equal(log);
  });

  it('that fail are told by attach and show alike', async () => {
    const { bench } = used;
    used.mayLeave(/./);
    await bench.configure();
    const words =
      'error building image: error building stage: failed to execute command: waiting for process to exit: exit status 3';
    const gate = new Gate();
    bench.script({ afterInput: [{ gate }, { log: words }], exit: { exitCode: 1 } });
    const { buildId } = await bench.slipway.builds.start({ contextDirectory: bench.context, tags: ['a:1'] });
    const failing = failure('RUN_FAILED', bench.slipway.builds.attach(buildId));
    gate.open();
    const error = await failing;
    const shown = await (await elsewhere()).builds.show(buildId);
    expect(shown).to.include({ state: 'failed' });
    expect(shown.failure).to.include({ code: 'RUN_FAILED', message: error.message });
  });

  it('are cancelled from elsewhere, and whoever follows is told', async () => {
    const { bench } = used;
    await bench.configure();
    bench.script({ afterInput: [{ log: 'RUN sleep' }, 'stay'] });
    const shown = bench.told(({ type }) => type === 'log');
    const building = bench.failure('BUILD_DELETED', { buildId: 'mine' });
    await shown;
    await (await elsewhere()).builds.cancel('mine');
    expect((await building).reason).to.include('was deleted before it was seen to end');
  });

  it('go on where whoever follows them stops', async () => {
    const { bench } = used;
    const id = await detached(new Gate());
    const controller = new AbortController();
    const ends: unknown[] = [];
    const error = failure(
      'BUILD_GOES_ON',
      bench.slipway.builds.attach(id, {
        signal: controller.signal,
        onEvent: (event) => {
          if (event.type === 'log') controller.abort();
          if (event.type === 'stage-ended') ends.push(event.interruption);
        },
      }),
    );
    expect((await error).exitCode).to.equal(130);
    expect(ends.at(-1)).to.equal('left');
    expect(bench.api.objects.jobs).to.have.length(1);
  });

  it('are removed once they have ended, and those that run are left', async () => {
    const { bench } = used;
    const done = await detached();
    await bench.slipway.builds.attach(done);
    const running = await detached(new Gate());
    expect(await bench.slipway.builds.prune()).to.deep.equal([done]);
    const left = (await bench.slipway.builds.list()).map(({ buildId, state }) => `${buildId} ${state}`);
    expect(left).to.have.members([`${running} building`, `${done} succeeded`]);
    expect(bench.api.objects.jobs).to.have.length(1);
  });

  it('whose client died are cleaned up by whoever attaches to them', async () => {
    const { bench } = used;
    await bench.configure();
    const gate = new Gate();
    bench.script({ afterInput: [{ gate }] });
    // A client that never comes to its own cleaning up, as one that was killed.
    bench.api.faults.answer({ method: 'DELETE', path: /\/jobs\//, code: 403, times: 1 });
    const first = bench.failure('BUILD_CANCELLED', { buildId: 'orphan' }, { signal: aborted(gate.reached) });
    await first;
    gate.open();
    await (await elsewhere()).builds.attach('orphan');
    expect(bench.left).to.deep.equal([]);
  });

  it('are not known by a wrong id, and the nearest is suggested', async () => {
    const { bench } = used;
    const id = await detached();
    const error = await failure('UNKNOWN_BUILD', bench.slipway.builds.show(`${id.slice(0, -1)}0`));
    expect(error.reason).to.include(id);
    await bench.slipway.builds.attach(id);
  });

  function aborted(when: Promise<unknown>): AbortSignal {
    const controller = new AbortController();
    void when.then(() => controller.abort());
    return controller.signal;
  }
});
