import { expect } from 'chai';
import type { KubernetesObject } from '../support/e2e-cluster.js';
import { describeEndToEnd } from '../support/e2e-describe.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import { writeRandomFiles } from '../support/random-files.js';
import type { SlipwayEnd, SlipwayProcess } from '../support/slipway-process.js';

interface Job extends KubernetesObject {
  readonly spec: { readonly activeDeadlineSeconds?: number; readonly ttlSecondsAfterFinished?: number };
}

const megabyte = 1024 * 1024;

describeEndToEnd('a build that is broken off', [], (world) => {
  /** So large that its upload is under way for seconds. */
  let large: string;

  before(async () => {
    large = await world.run.context({ Dockerfile: 'FROM scratch\nCOPY 0.bin /\n' });
    await writeRandomFiles(large, 1, 600 * megabyte);
  });

  function expectCancelled({ stdout, stderr, exitCode }: SlipwayEnd): void {
    expect(stderr)
      .to.match(/^Cancelling/m)
      .and.to.match(/^Code: BUILD_CANCELLED$/m);
    expect({ stdout, exitCode }).to.deep.equal({ stdout: '', exitCode: 130 });
  }

  async function uploads(build: SlipwayProcess): Promise<void> {
    await build.prints('Sending the build context');
    await build.hasWritten(16 * megabyte);
  }

  it('by Ctrl-C during the upload says so and cleans up', async () => {
    const build = world.run.start(await world.run.stack(), 'build', large, '-t', 'cancelled/upload:1');
    await uploads(build);
    build.kill('SIGINT');
    expectCancelled(await build.end);
  });

  it('by Ctrl-C during a RUN says so and cleans up', async () => {
    const dockerfile = `FROM ${endToEndEnvironment.baseImage}\nRUN echo "the answer is $((6*7))"; sleep 600\n`;
    const context = await world.run.context({ Dockerfile: dockerfile });
    const build = world.run.start(await world.run.stack(), 'build', context, '-t', 'cancelled/run:1');
    await build.prints('the answer is 42');
    build.kill('SIGINT');
    expectCancelled(await build.end);
  });

  it('by the death of the client ends by itself, and has a time to live', async () => {
    const { cluster } = world.run;
    const build = world.run.start(await world.run.stack(), 'build', large, '-t', 'killed/upload:1');
    await uploads(build);
    build.kill('SIGKILL');
    await build.end;
    const jobs = await cluster.list<Job>('jobs');
    expect(jobs).to.have.length(1);
    const [job] = jobs;
    try {
      expect(job?.spec.activeDeadlineSeconds).to.be.a('number');
      expect(job?.spec.ttlSecondsAfterFinished).to.be.a('number');
      await cluster.kubectl('wait', '--for=condition=Failed', `job/${job?.metadata.name ?? ''}`, '--timeout=120s');
    } finally {
      await cluster.kubectl('delete', 'jobs', '--all', '--cascade=foreground', '--timeout=120s');
    }
  });
});
