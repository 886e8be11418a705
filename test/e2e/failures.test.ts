import { expect } from 'chai';
import { describeEndToEnd } from '../support/e2e-describe.js';
import type { KubernetesObject } from '../support/e2e-cluster.js';
import { endToEndEnvironment } from '../support/e2e-environment.js';
import type { SlipwayEnd } from '../support/slipway-process.js';

interface KubernetesEvent extends KubernetesObject {
  readonly message?: string;
}

describeEndToEnd('a build that cannot succeed', [], (world) => {
  /** Builds with this Dockerfile, and no other file. */
  async function build(dockerfile: string | undefined, configuration: string): Promise<SlipwayEnd> {
    const context = await world.run.context(dockerfile === undefined ? { 'a.txt': 'a' } : { Dockerfile: dockerfile });
    return world.run.start(configuration, 'build', context, '-t', 'failures/image:1').end;
  }

  /** All of them print no reference, and a message with its code. */
  function expectFailure({ stdout, stderr, exitCode }: SlipwayEnd, code: string | RegExp, expectedExit = 1): void {
    expect(stderr).to.match(typeof code === 'string' ? new RegExp(`^Code: ${code}$`, 'm') : code);
    expect({ stdout, exitCode }).to.deep.equal({ stdout: '', exitCode: expectedExit });
  }

  it('shows what a failing RUN printed, and its exit status', async () => {
    const dockerfile = `FROM ${endToEndEnvironment.baseImage}\nRUN echo "the answer is $((6*7))"; exit 7\n`;
    const end = await build(dockerfile, await world.run.stack());
    expectFailure(end, 'RUN_FAILED');
    expect(end.stderr).to.include('the answer is 42').and.to.include('exit status 7');
  });

  it('names a base image that is missing', async () => {
    const missing = `${world.run.uriIn(endToEndEnvironment.registry)}/no-such-base:1`;
    const end = await build(`FROM ${missing}\nCOPY Dockerfile /\n`, await world.run.stack());
    expectFailure(end, 'BASE_IMAGE_UNAVAILABLE');
    expect(end.stderr).to.include('no-such-base');
  });

  it('says within 15 s of Kubernetes knowing it that the executor image cannot be pulled', async () => {
    const { cluster } = world.run;
    const image = `${world.run.uriIn(endToEndEnvironment.registry)}/no-such-executor:1`;
    const configuration = await world.run.stack();
    await world.run
      .start(configuration, 'image-builder', 'update', world.run.name, `--executor_image=${image}`)
      .succeeds();
    const end = await build('FROM scratch\n', configuration);
    const told = Date.now();
    expectFailure(end, /^Code: EXECUTOR_IMAGE_(NOT_FOUND|REFUSED)$/m);
    expect(end.stderr).to.include(image).and.to.include(`remove-attribute ${world.run.name} executor_image`);
    const events = await cluster.list<KubernetesEvent>('events', '--field-selector=reason=Failed');
    const known = events.filter(({ message }) => message?.includes(image)).map(({ metadata }) => metadata);
    expect(known).to.be.an('array').that.is.not.empty;
    const since = Math.min(...known.map(({ creationTimestamp }) => Date.parse(creationTimestamp)));
    expect(told - since).to.be.lessThan(15_000);
  });

  it('is a wrong call without a Dockerfile, and makes nothing in the cluster', async () => {
    const { cluster } = world.run;
    const configuration = await world.run.stack();
    const history = await cluster.jobHistory();
    expectFailure(await build(undefined, configuration), 'DOCKERFILE_NOT_FOUND', 2);
    expect(await cluster.jobsCreatedSince(history)).to.deep.equal([]);
  });

  it('says that the cluster does not answer', async () => {
    const { unreachableContext } = world.run.cluster;
    const configuration = await world.run.stack({ context: unreachableContext });
    const end = await build('FROM scratch\nCOPY Dockerfile /\n', configuration);
    expectFailure(end, 'CLUSTER_UNREACHABLE');
    expect(end.stderr).to.include(unreachableContext);
  });

  it('says what the user is not allowed to do', async () => {
    const { forbiddenContext, namespace } = world.run.cluster;
    const configuration = await world.run.stack({ context: forbiddenContext });
    const end = await build('FROM scratch\nCOPY Dockerfile /\n', configuration);
    expectFailure(end, 'KUBERNETES_FORBIDDEN');
    expect(end.stderr).to.include('create jobs').and.to.include(`in namespace ${namespace}`);
  });
});
