import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import { CuttableProxy } from '../support/cuttable-proxy.js';
import type { KubernetesObject } from '../support/e2e-cluster.js';
import { writeRandomFiles } from '../support/random-files.js';

interface Job extends KubernetesObject {
  readonly spec: { readonly activeDeadlineSeconds: number };
}

const megabyte = 1024 * 1024;

describeEndToEnd('builds that outlive their client', [], (world) => {
  async function context(run: string): Promise<string> {
    return world.run.context({ Dockerfile: `FROM ${endToEndEnvironment.baseImage}\nRUN ${run}\n` });
  }
  const numbers = 'i=0; while [ $i -lt 40 ]; do echo "line $i of the build"; i=$((i+1)); sleep 1; done';

  /** Each line of `numbers` once, in their order. */
  function expectAllLines(text: string): void {
    const found = [...text.matchAll(/^\s*line (\d+) of the build/gm)].map(([, number]) => Number(number));
    expect(found).to.deep.equal(Array.from({ length: 40 }, (_, index) => index));
  }

  it('are detached, found and attached to from another configuration, and pruned', async () => {
    const { run } = world;
    const [here, there] = [await run.stack(), await run.stack()];
    const began = await run
      .start(here, 'build', await context('echo "begins"; sleep 5; echo "ends"'), '-t', 'detached/a:1', '--detach')
      .succeeds();
    const id = began.stdout.trim();
    expect((await run.start(there, 'builds', 'list', '-o', 'name').succeeds()).stdout.split('\n')).to.include(id);
    const attached = await run.start(there, 'builds', 'attach', id).succeeds();
    expect(attached.stdout).to.match(/detached\/a:1@sha256:[0-9a-f]{64}\n$/);
    expect(attached.stderr).to.match(/begins[\s\S]*ends/);
    const shown = await run.start(there, 'builds', 'show', id, '-o', 'json').succeeds();
    const build = JSON.parse(shown.stdout) as { state: string; timings: { stage: string }[]; digest: string };
    expect(build.state).to.equal('succeeded');
    expect(attached.stdout).to.include(build.digest);
    expect(build.timings.map(({ stage }) => stage)).to.deep.equal(['prepare', 'start', 'upload', 'build']);
    expect((await run.start(here, 'builds', 'logs', id).succeeds()).stdout).to.include('begins');
    expect((await run.start(here, 'builds', 'prune').succeeds()).stdout).to.equal(`${id}\n`);
  });

  it('are cancelled from another configuration, and the client is told', async () => {
    const { run } = world;
    const build = run.start(await run.stack(), 'build', await context('echo "it runs"; sleep 600'), '-t', 'c/a:1');
    await build.prints('it runs');
    const there = await run.stack();
    const id = (await run.start(there, 'builds', 'list', '--running', '-o', 'name').succeeds()).stdout.trim();
    await run.start(there, 'builds', 'cancel', id).succeeds();
    const end = await build.end;
    expect(end.exitCode).to.equal(1);
    expect(end.stderr).to.include('Code: BUILD_DELETED');
    expect((await run.start(there, 'builds', 'list', '--running', '-o', 'name').succeeds()).stdout).to.equal('');
  });

  it('are followed by whoever asks for the same under the same id', async () => {
    const { run } = world;
    const configuration = await run.stack();
    const folder = await context('echo "it runs"; sleep 6');
    const line = ['build', folder, '-t', 'same/a:1', '--build-id=same-build'];
    const first = run.start(configuration, ...line);
    await first.prints('it runs');
    const second = run.start(await run.stack(), ...line);
    const other = await run.start(configuration, 'build', folder, '-t', 'other/a:1', '--build-id=same-build').end;
    expect(other.stderr).to.include('Code: BUILD_ID_IN_USE');
    expect((await second.succeeds()).stdout).to.equal((await first.succeeds()).stdout);
  });

  it('whose client is killed while the executor builds are attached to, from their first line', async () => {
    const { run } = world;
    const build = run.start(await run.stack(), 'build', await context('echo "first line"; sleep 8'), '-t', 'k/a:1');
    await build.prints('first line');
    build.kill('SIGKILL');
    await build.end;
    const there = await run.stack();
    const id = (await run.start(there, 'builds', 'list', '--running', '-o', 'name').succeeds()).stdout.trim();
    const attached = await run.start(there, 'builds', 'attach', id).succeeds();
    expect(attached.stderr).to.include('first line');
    expect(attached.stdout).to.match(/k\/a:1@sha256:/);
  });

  it('whose client is killed while the pod starts wait only for what the pod is given', async () => {
    const { run } = world;
    const configuration = await run.stack();
    const attributes = ['--pod_running_timeout=5', '--resources', '{"requests":{"memory":"900Ti"}}'];
    await run.start(configuration, 'image-builder', 'update', run.name, ...attributes).succeeds();
    const build = run.start(configuration, 'build', await context('true'), '-t', 'k/b:1');
    await build.prints('Unschedulable');
    // Five seconds, and the slack; a client may be killed before it could say so, and then the Job keeps its first deadline.
    await run.cluster.kubectl(
      'wait',
      '--for=jsonpath={.spec.activeDeadlineSeconds}=36',
      'jobs',
      '--all',
      '--timeout=60s',
    );
    build.kill('SIGKILL');
    const { stderr } = await build.end;
    expect(stderr).to.match(/Waiting: 0\/\d+ nodes are available: .*Insufficient memory/);
    const [job] = await run.cluster.list<Job>('jobs');
    expect(job?.spec.activeDeadlineSeconds).to.be.at.most(60);
    const name = job?.metadata.name ?? '';
    await run.cluster.kubectl('wait', '--for=condition=Failed', `job/${name}`, '--timeout=120s');
    const id = name.replace('slipway-build-', '');
    const shown = await run.start(configuration, 'builds', 'show', id, '-o', 'json').succeeds();
    expect(JSON.parse(shown.stdout)).to.deep.nested.include({ state: 'failed', 'failure.code': 'BUILD_TIMEOUT' });
    await run.start(configuration, 'builds', 'prune').succeeds();
  });

  it('whose client is killed during the upload end by themselves', async () => {
    const { run } = world;
    const large = await run.context({ Dockerfile: 'FROM scratch\nCOPY 0.bin /\n' });
    await writeRandomFiles(large, 1, 400 * megabyte);
    const configuration = await run.stack();
    const build = run.start(configuration, 'build', large, '-t', 'k/c:1');
    await build.prints('Sending the build context');
    await build.hasWritten(16 * megabyte);
    build.kill('SIGKILL');
    await build.end;
    const [job] = await run.cluster.list('jobs');
    await run.cluster.kubectl('wait', '--for=condition=Failed', `job/${job?.metadata.name ?? ''}`, '--timeout=120s');
    await run.start(configuration, 'builds', 'prune').succeeds();
  });

  it('go on where the API server is away for 30 s, and no line is lost or doubled', async () => {
    const { run } = world;
    const proxy = await CuttableProxy.start(await run.cluster.server());
    try {
      const context30 = await run.cluster.contextAt(proxy.url);
      const build = run.start(await run.stack({ context: context30 }), 'build', await context(numbers), '-t', 'p/a:1');
      await build.prints('line 3 of the build');
      await proxy.cut(30_000);
      const { stderr, stdout } = await build.succeeds();
      expect(stdout).to.match(/p\/a:1@sha256:/);
      expectAllLines(stderr);
    } finally {
      await proxy.stop();
    }
  });

  it('wait for each other under max_parallel_builds, and one whose client was killed does not block them', async () => {
    const { run } = world;
    const configuration = await run.stack();
    await run.start(configuration, 'image-builder', 'update', run.name, '--max_parallel_builds=1').succeeds();
    const first = run.start(configuration, 'build', await context('echo "it runs"; sleep 20'), '-t', 'q/a:1');
    await first.prints('it runs');
    const dead = run.start(configuration, 'build', await context('true'), '-t', 'q/b:1');
    await dead.prints('Builds of this image builder that run: 1 of at most 1');
    dead.kill('SIGKILL');
    await dead.end;
    const third = run.start(configuration, 'build', await context('true'), '-t', 'q/c:1');
    await third.prints('waiting ahead of this one: 1');
    await Promise.all([first.succeeds(), third.succeeds()]);
  });
});
