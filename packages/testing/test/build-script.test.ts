import { expect } from 'chai';
import { Gate, ScriptedKubernetesApi } from '../src/index.js';
import * as client from './cluster-client.js';

describe('A scripted build', () => {
  let api: ScriptedKubernetesApi;
  beforeEach(async () => {
    api = await ScriptedKubernetesApi.start({ token: client.token });
  });
  afterEach(() => api.close());

  const start = (job = client.buildJob()) => client.send(api, 'POST', client.builds, job);
  const jobReason = (): unknown =>
    (api.objects.jobs[0]?.status['conditions'] as { reason: string }[] | undefined)?.at(-1)?.reason;

  /** Sends an empty context to the running pod, and waits for its end. */
  const finish = async (): ReturnType<typeof client.podWhen> => {
    const link = await client.attach(api, await client.podWhen(api, client.isRunning));
    client.endInput(link);
    await link.closed;
    return client.podWhen(api, client.hasEnded);
  };

  it('waits for its image, tells why, backs off, and runs once the gate opens', async () => {
    const gate = new Gate();
    const waiting = [{ waiting: 'ErrImagePull', message: 'not found' }, { waiting: 'ImagePullBackOff' }, { gate }];
    api.script({ beforeContainer: waiting });
    await start();
    const pod = await client.podWhen(api, client.waitsFor('ImagePullBackOff'));
    expect(pod.status?.phase).to.equal('Pending');
    const uid = `involvedObject.uid%3D${pod.metadata?.uid ?? ''}`;
    const { text } = await client.send(api, 'GET', `/api/v1/namespaces/default/events?fieldSelector=${uid}`);
    expect(text).to.include('"reason":"Failed","message":"not found"').and.not.to.include('SuccessfulCreate');
    const log = await client.send(api, 'GET', `${client.podsPath}/${pod.metadata?.name ?? ''}/log`);
    expect(log.json['message']).to.match(/is waiting to start: trying and failing to pull image$/);
    const link = await client.attach(api, pod);
    expect(await link.closed).to.equal(1000);
    expect(link.messages.at(-1)?.text).to.include('"reason":"InternalError"').and.to.include('not found in pod');
    gate.open();
    expect((await finish()).status?.phase).to.equal('Succeeded');
  });

  it('finds no room', async () => {
    api.script({ beforeContainer: [{ unschedulable: '0/1 nodes are available: 1 Insufficient cpu.' }, 'stay'] });
    await start();
    const pod = await client.podWhen(api, ({ status }) => status?.conditions?.[0]?.reason === 'Unschedulable');
    expect(pod.status?.conditions?.[0]).to.include({ type: 'PodScheduled', status: 'False' });
    expect((await client.send(api, 'GET', `${client.podsPath}/${pod.metadata?.name ?? ''}/log`)).code).to.equal(204);
    expect(api.objects.events.map(({ reason }) => reason)).to.include('FailedScheduling');
  });

  it('gets no pod because of a quota', async () => {
    const gate = new Gate();
    const event = { on: 'job', reason: 'FailedCreate', message: 'exceeded quota: small' } as const;
    api.script({ beforePod: [{ event }, { gate }, 'stay'] });
    await start();
    await gate.reached;
    const selector = 'fieldSelector=involvedObject.name%3Dbuild-1';
    const { text } = await client.send(api, 'GET', `/api/v1/namespaces/default/events?${selector}`);
    expect(text).to.include('"reason":"FailedCreate","message":"exceeded quota: small"').and.to.include('"Warning"');
    expect(api.objects.pods).to.deep.equal([]);
  });

  it('streams its lines to attach and to a following log, from either side of a gate', async () => {
    const gate = new Gate();
    api.script({ afterInput: [{ log: 'one' }, { gate }, { log: 'two', stream: 'stderr' }] });
    await start();
    const pod = await client.podWhen(api, client.isRunning);
    const link = await client.attach(api, pod);
    const path = `${client.podsPath}/${pod.metadata?.name ?? ''}/log?follow=true&container=kaniko`;
    client.endInput(link);
    await gate.reached;
    const log = client.send(api, 'GET', path);
    gate.open();
    expect((await log).text).to.equal('one\ntwo\n');
    await link.closed;
    expect(link.messages.slice(1, 3)).to.deep.equal([
      { channel: 1, text: 'one\n' },
      { channel: 2, text: 'two\n' },
    ]);
  });

  it('ends with an exit code, and with the end of its log as message where the pod asks for that', async () => {
    const job = client.buildJob();
    const [container] = job.spec?.template.spec?.containers ?? [];
    if (container !== undefined) container.terminationMessagePolicy = 'FallbackToLogsOnError';
    api.script({ afterInput: [{ log: 'error building image' }], exit: { exitCode: 3 } });
    await start(job);
    const pod = await finish();
    expect(pod.status?.phase).to.equal('Failed');
    const terminated = pod.status?.containerStatuses?.[0]?.state?.terminated;
    expect(terminated).to.include({ exitCode: 3, reason: 'Error', message: 'error building image\n' });
    expect(jobReason()).to.equal('BackoffLimitExceeded');
  });

  it('is killed for its memory', async () => {
    api.script({ exit: { reason: 'OOMKilled' } });
    await start();
    const pod = await finish();
    expect(pod.status?.containerStatuses?.[0]?.state?.terminated).to.include({ exitCode: 137, reason: 'OOMKilled' });
  });

  it('is evicted', async () => {
    api.script({ beforeInput: [{ evicted: 'The node was low on resource: memory.' }] });
    await start();
    const pod = await client.podWhen(api, client.hasEnded);
    expect(pod.status).to.include({ reason: 'Evicted', message: 'The node was low on resource: memory.' });
  });

  it('loses its pod to somebody else, whose watchers see it end and go', async () => {
    const gate = new Gate();
    api.script({ beforeInput: [{ gate }, { deleted: 'pod' }] });
    await start();
    const link = await client.attach(api, await client.podWhen(api, client.isRunning));
    gate.open();
    expect(await link.closed).to.equal(1000);
    expect(api.objects.pods).to.deep.equal([]);
    expect(jobReason()).to.equal('BackoffLimitExceeded');
    const { text } = await client.send(api, 'GET', `${client.podsPath}?watch=1&resourceVersion=1&timeoutSeconds=1`);
    expect(text.trim().split('\n').at(-1)).to.match(/^\{"type":"DELETED".*"exitCode":2/);
  });

  it('runs out of its deadline', async () => {
    api.script({ beforeInput: [{ deadline: 'exceeded' }] });
    await start();
    const { batch, watch } = client.clientOf(api);
    await new Promise<void>((resolve, reject) => {
      const onEvent = (type: string): void => {
        if (type === 'DELETED') resolve();
      };
      watch.watch(client.podsPath, { resourceVersion: '1' }, onEvent, () => undefined).catch(reject);
    });
    const job = await batch.readNamespacedJob({ namespace: 'default', name: 'build-1' });
    expect(job.status?.conditions?.at(-1)).to.include({ type: 'Failed', reason: 'DeadlineExceeded' });
  });

  it('ends without reading all that is sent to it', async () => {
    api.script({ readBytes: 4, exit: { exitCode: 1 } });
    await start();
    const link = await client.attach(api, await client.podWhen(api, client.isRunning));
    client.sendInput(link, 'hello');
    client.sendInput(link, 'world');
    expect(await link.closed).to.equal(1000);
    expect(link.messages.at(-1)?.channel).to.equal(3);
    expect((await client.podWhen(api, client.hasEnded)).status?.phase).to.equal('Failed');
  });

  it('names the images of Docker Hub and the digest of the script as Kaniko does', async () => {
    const job = client.buildJob();
    const [container] = job.spec?.template.spec?.containers ?? [];
    container?.args?.push('--destination', 'hello:2', '--destination=acme/hello');
    const digest = `sha256:${'12'.repeat(32)}`;
    api.script({ digest });
    await start(job);
    const pod = await finish();
    expect(pod.status?.containerStatuses?.[0]?.state?.terminated?.message?.trim().split('\n')).to.deep.equal([
      `registry.test:5000/demo/hello@${digest}`,
      `index.docker.io/library/hello@${digest}`,
      `index.docker.io/acme/hello@${digest}`,
    ]);
  });

  it('takes nothing from a client before it reads, so that the client feels it', async () => {
    const gate = new Gate();
    api.script({ beforeInput: [{ gate }] });
    await start();
    const pod = await client.podWhen(api, client.isRunning);
    const link = await client.attach(api, pod);
    client.sendInput(link, 'early');
    await client.send(api, 'GET', '/version');
    expect(api.stdin(pod.metadata?.name ?? '')).to.include({ bytes: 0, state: 'open' });
    gate.open();
    client.endInput(link);
    await link.closed;
    expect(api.stdin(pod.metadata?.name ?? '')).to.include({ bytes: 5, state: 'ended' });
  });
});
