import { Gate, type StartingStep } from '@slipway/testing';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';

const refusedImage =
  'failed to pull and unpack image "ghcr.io/acme/executor:1": failed to resolve reference: unexpected status: 403 Forbidden';
const missingImage = 'failed to resolve reference "ghcr.io/acme/executor:1": ghcr.io/acme/executor:1: not found';
const silentRegistry = 'failed to do request: Head "https://ghcr.io/v2/acme/executor": dial tcp: i/o timeout';
const noRoom = '0/3 nodes are available: 3 Insufficient cpu.';

describe('A build whose pod does not run yet', () => {
  const used = useBench();

  describe('ends at once where waiting does not help:', () => {
    const cases: readonly [what: string, code: string, step: StartingStep, said: string][] = [
      [
        'an image that is not there',
        'EXECUTOR_IMAGE_NOT_FOUND',
        { waiting: 'ErrImagePull', message: missingImage },
        'not found',
      ],
      [
        'an image that may not be pulled',
        'EXECUTOR_IMAGE_REFUSED',
        { waiting: 'ErrImagePull', message: refusedImage },
        '403',
      ],
      [
        'an image name that is none',
        'EXECUTOR_IMAGE_INVALID',
        { waiting: 'InvalidImageName', message: 'invalid reference format' },
        'invalid reference format',
      ],
      [
        'a secret of the environment that is not there',
        'POD_CONFIGURATION_INVALID',
        { waiting: 'CreateContainerConfigError', message: 'secret "aws" not found' },
        'secret "aws" not found',
      ],
      [
        "a volume's secret that is not there",
        'POD_CONFIGURATION_INVALID',
        {
          event: {
            on: 'pod',
            reason: 'FailedMount',
            message: 'MountVolume.SetUp failed for volume "docker" : secret "mine" not found',
          },
        },
        'secret "mine" not found',
      ],
    ];
    for (const [what, code, step, said] of cases) {
      it(what, async () => {
        const { bench } = used;
        bench.script({ beforeContainer: [step, 'stay'] });
        const error = await bench.failure(code);
        expect(error.reason).to.include(said);
        expect(error.fix).to.be.a('string');
        expect(bench.eventsOf('stage-ended').at(-1)).to.include({ stage: 'start', outcome: 'failed' });
      });
    }
  });

  describe('ends at once where the cluster makes no pod:', () => {
    const cases: readonly [what: string, code: string, message: string][] = [
      [
        'a quota',
        'QUOTA_EXCEEDED',
        'Error creating: pods "b" is forbidden: exceeded quota: small, requested: pods=1, used: pods=5, limited: pods=5',
      ],
      [
        'a quota that wants limits',
        'QUOTA_EXCEEDED',
        'Error creating: pods "b" is forbidden: failed quota: q: must specify limits.cpu for: kaniko',
      ],
      [
        'a service account that is not there',
        'SERVICE_ACCOUNT_NOT_FOUND',
        'Error creating: pods "b" is forbidden: error looking up service account builds/nobody: serviceaccount "nobody" not found',
      ],
      [
        'a policy',
        'POD_REFUSED',
        'Error creating: admission webhook "policy.example.com" denied the request: images must be signed',
      ],
      [
        'a pod security standard',
        'POD_SECURITY_VIOLATED',
        'Error creating: pods "b" is forbidden: violates PodSecurity "restricted:latest"',
      ],
    ];
    for (const [what, code, message] of cases) {
      it(what, async () => {
        const { bench } = used;
        bench.script({ beforePod: [{ event: { on: 'job', reason: 'FailedCreate', message } }, 'stay'] });
        const error = await bench.failure(code);
        expect(error.reason).to.equal(`FailedCreate: ${message}`);
      });
    }
  });

  it('tells that there is no room, and goes on when there is', async () => {
    const { bench } = used;
    const scheduled = new Gate();
    bench.script({ beforeContainer: [{ unschedulable: noRoom }, { gate: scheduled }] });
    const told = bench.told(({ type }) => type === 'waiting');
    const building = bench.build();
    expect(await told).to.deep.equal({ type: 'waiting', stage: 'start', reason: 'Unschedulable', message: noRoom });
    scheduled.open();
    await building;
  });

  it('tells each reason once', async () => {
    const { bench } = used;
    const seen = new Gate();
    const pull = { waiting: 'ErrImagePull', message: silentRegistry };
    const backOff = { waiting: 'ImagePullBackOff', message: 'Back-off pulling image' };
    bench.script({ beforeContainer: [pull, { gate: seen }, backOff, pull, backOff] });
    const told = bench.told(({ type }) => type === 'waiting');
    const building = bench.build();
    await told;
    seen.open();
    await building;
    expect(bench.waits).to.deep.equal(['ErrImagePull']);
  });

  it('waits for a registry that does not answer, and gives that as the reason in the end', async () => {
    const { bench } = used;
    await bench.configure({ pod_running_timeout: 1 });
    const seen = new Gate();
    const pull = { waiting: 'ErrImagePull', message: silentRegistry };
    const backOff = { waiting: 'ImagePullBackOff', message: 'Back-off pulling image' };
    bench.script({ beforeContainer: [pull, { gate: seen }, backOff, 'stay'] });
    const told = bench.told(({ type }) => type === 'waiting');
    const failing = bench.failure('EXECUTOR_IMAGE_UNREACHABLE');
    await told;
    seen.open();
    const error = await failing;
    expect(error.message).to.include('within 1 s');
    expect(error.reason).to.equal(`ErrImagePull: ${silentRegistry}`);
    expect(error.fix).to.include('--pod_running_timeout=');
  });

  it('says so where Kubernetes gives no reason', async () => {
    const { bench } = used;
    await bench.configure({ pod_running_timeout: 1 });
    bench.script({ beforePod: ['stay'] });
    expect((await bench.failure('POD_NOT_RUNNING')).reason).to.equal('Kubernetes gave no reason.');
  });

  it("takes no offence at its own secret, which may come a moment after the pod's first look", async () => {
    const { bench } = used;
    const message = 'MountVolume.SetUp failed for volume "slipway-secret" : secret "slipway-build-early" not found';
    bench.script({ beforeContainer: [{ event: { on: 'pod', reason: 'FailedMount', message } }] });
    await bench.build({ buildId: 'early' });
    expect(bench.waits).to.not.include('FailedMount');
  });

  it('ends where the pod is deleted before it runs', async () => {
    const { bench } = used;
    const seen = new Gate();
    bench.script({ beforeContainer: [{ unschedulable: noRoom }, { gate: seen }, { deleted: 'pod' }] });
    const told = bench.told(({ type }) => type === 'waiting');
    const failing = bench.failure('POD_LOST');
    await told;
    seen.open();
    expect((await failing).reason).to.include('deleted');
    expect(bench.warnings).to.deep.equal([]);
  });
});
