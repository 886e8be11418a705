import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultDigest, ScriptedKubernetesApi } from '../src/index.js';
import * as client from './cluster-client.js';

describe('ScriptedKubernetesApi', () => {
  let api: ScriptedKubernetesApi;
  beforeEach(async () => {
    api = await ScriptedKubernetesApi.start({ token: client.token });
  });
  afterEach(() => api.close());

  it('takes a build from its Job over watch, attach and log to its deletion', async () => {
    const { batch, core } = client.clientOf(api);
    const job = await batch.createNamespacedJob({ namespace: 'default', body: client.buildJob() });
    expect(job.metadata?.uid).to.be.a('string');

    const pod = await client.podWhen(api, client.isRunning);
    const name = pod.metadata?.name ?? '';
    expect(pod.metadata?.ownerReferences?.[0]).to.include({ kind: 'Job', uid: job.metadata?.uid, controller: true });
    expect(pod.metadata?.labels).to.include({ 'batch.kubernetes.io/job-name': 'build-1', 'job-name': 'build-1' });

    const link = await client.attach(api, pod);
    expect(link.socket.protocol).to.equal('v5.channel.k8s.io');
    client.sendInput(link, 'hello ');
    client.sendInput(link, 'world');
    client.endInput(link);
    expect(await link.closed).to.equal(1000);
    const image = `registry.test:5000/demo/hello@${defaultDigest}`;
    expect(link.messages).to.deep.equal([
      { channel: 1, text: '' },
      { channel: 2, text: `INFO[0001] Pushed ${image}\n` },
      { channel: 3, text: '{"metadata":{},"status":"Success"}' },
    ]);
    const input = api.stdin(name);
    expect(input).to.include({ bytes: 11, state: 'ended' });
    expect(input?.content?.toString()).to.equal('hello world');
    expect(input?.sha256).to.equal(createHash('sha256').update('hello world').digest('hex'));

    const ended = await client.podWhen(api, client.hasEnded);
    expect(ended.status?.phase).to.equal('Succeeded');
    const terminated = ended.status?.containerStatuses?.[0]?.state?.terminated;
    expect(terminated).to.include({ exitCode: 0, reason: 'Completed', message: `${image}\n` });
    const log = await core.readNamespacedPodLog({ namespace: 'default', name, timestamps: true, follow: true });
    expect(log).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z INFO\[0001\] Pushed .*\n$/);
    const finished = await batch.readNamespacedJob({ namespace: 'default', name: 'build-1' });
    expect(finished.status?.conditions?.map(({ type }) => type)).to.include('Complete');

    await batch.deleteNamespacedJob({ namespace: 'default', name: 'build-1', propagationPolicy: 'Background' });
    expect(api.objects).to.deep.include({ jobs: [], pods: [] });
  });

  describe('errors', () => {
    it('names what is not there', async () => {
      const { code, json } = await client.send(api, 'GET', `${client.builds}/nope`);
      expect(code).to.equal(404);
      expect(json).to.deep.equal({
        ...{
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: 'jobs.batch "nope" not found',
        },
        ...{ reason: 'NotFound', details: { name: 'nope', group: 'batch', kind: 'jobs' }, code: 404 },
      });
      const elsewhere = await client.send(api, 'POST', client.builds.replace('default', 'no'), client.buildJob());
      expect(elsewhere.json).to.include({ code: 404, message: 'namespaces "no" not found' });
    });

    it('refuses a second object of a name, an object without one, and a body that is no JSON', async () => {
      await client.send(api, 'POST', client.builds, client.buildJob());
      const again = await client.send(api, 'POST', client.builds, client.buildJob());
      expect(again.json).to.include({
        code: 409,
        reason: 'AlreadyExists',
        message: 'jobs.batch "build-1" already exists',
      });
      const nameless = await client.send(api, 'POST', client.builds, { ...client.buildJob(), metadata: {} });
      expect(nameless.json).to.include({ code: 422, reason: 'Invalid' });
      expect((await client.send(api, 'POST', client.builds)).json).to.include({ code: 400, reason: 'BadRequest' });
    });

    it('lets nobody in with another token, by request or by upgrade', async () => {
      const { json } = await client.send(api, 'GET', client.podsPath, undefined, { authorization: 'Bearer other' });
      expect(json).to.include({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
      await client.send(api, 'POST', client.builds, client.buildJob());
      const link = client.attach(api, await client.podWhen(api, client.isRunning), client.v5, 'stdin=true', 'other');
      expect(await link.catch((error: unknown) => error)).to.include({ code: 401 });
      expect(JSON.stringify(api.requests)).not.to.match(/Bearer|other/);
    });

    it('refuses what a test forbids, and says so in an access review', async () => {
      api.forbid({ verb: 'delete', resource: 'jobs' });
      await client.send(api, 'POST', client.builds, client.buildJob());
      const { json } = await client.send(api, 'DELETE', `${client.builds}/build-1`);
      expect(json).to.include({ code: 403, reason: 'Forbidden' });
      const review = async (verb: string): Promise<unknown> => {
        const spec = { resourceAttributes: { verb, resource: 'jobs', group: 'batch', namespace: 'default' } };
        const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
        return (await client.send(api, 'POST', path, { spec })).json['status'];
      };
      expect(await review('delete')).to.deep.equal({ allowed: false });
      expect(await review('create')).to.deep.equal({ allowed: true });
    });

    it('refuses a field selector that the real server does not know', async () => {
      const { json } = await client.send(api, 'GET', `${client.podsPath}?fieldSelector=metadata.uid%3Dx`);
      expect(json).to.include({ code: 400, message: 'field label not supported: metadata.uid' });
    });
  });

  describe('deletion', () => {
    const secretOf = (uid: unknown): object => ({
      metadata: { name: 'auth', ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'build-1', uid }] },
      stringData: { 'config.json': '{}' },
    });

    it('takes pods and secrets of a Job along with either policy, in query or body', async () => {
      for (const [query, body] of [
        ['', { propagationPolicy: 'Background' }],
        ['?propagationPolicy=Foreground', undefined],
      ] as const) {
        const { json } = await client.send(api, 'POST', client.builds, client.buildJob());
        const { uid } = json['metadata'] as { uid: string };
        const secret = await client.send(api, 'POST', '/api/v1/namespaces/default/secrets', secretOf(uid));
        expect(secret.json).to.deep.include({ data: { 'config.json': 'e30=' }, type: 'Opaque' });
        await client.podWhen(api, client.isRunning);
        expect((await client.send(api, 'DELETE', `${client.builds}/build-1${query}`, body)).code).to.equal(200);
        expect(api.objects).to.deep.include({ jobs: [], pods: [], secrets: [] });
      }
    });

    it('leaves the pod behind without a policy, with the warning of the real server', async () => {
      await client.send(api, 'POST', client.builds, client.buildJob());
      await client.podWhen(api, client.isRunning);
      const { headers } = await client.send(api, 'DELETE', `${client.builds}/build-1`);
      expect(headers['warning']).to.include('child pods are preserved by default');
      expect(api.objects.jobs).to.deep.equal([]);
      expect(api.objects.pods).to.have.length(1);
    });
  });

  it('watches from a resourceVersion on, filtered, and ends at timeoutSeconds with a bookmark', async () => {
    const list = await client.send(api, 'GET', client.builds);
    const { resourceVersion } = list.json['metadata'] as { resourceVersion: string };
    await client.send(api, 'POST', client.builds, client.buildJob('one'));
    await client.send(api, 'POST', client.builds, client.buildJob('two'));
    const query = `watch=1&allowWatchBookmarks=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dtwo`;
    const { text } = await client.send(api, 'GET', `${client.builds}?${query}&resourceVersion=${resourceVersion}`);
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; object: { metadata: { name?: string } } });
    expect(events[0]).to.deep.include({ type: 'ADDED' });
    expect(events.at(-1)?.type).to.equal('BOOKMARK');
    expect(new Set(events.slice(0, -1).map((event) => event.object.metadata.name))).to.deep.equal(new Set(['two']));
  });

  it('makes up the end of a name from generateName', async () => {
    const job = { ...client.buildJob(), metadata: { generateName: 'build-' } };
    const { code, json } = await client.send(api, 'POST', client.builds, job);
    expect(code).to.equal(201);
    expect((json['metadata'] as { name: string }).name).to.match(/^build-[a-z0-9]{5}$/);
  });

  it('changes labels by merge patch', async () => {
    await client.send(api, 'POST', client.builds, client.buildJob());
    const type = { 'content-type': 'application/merge-patch+json' };
    const patch = { metadata: { labels: { kept: 'yes' } } };
    const { json } = await client.send(api, 'PATCH', `${client.builds}/build-1`, patch, type);
    expect((json['metadata'] as { labels: object }).labels).to.include({ kept: 'yes', 'job-name': 'build-1' });
  });

  it('records what was asked, with queries and bodies', async () => {
    await client.send(api, 'POST', `${client.builds}?fieldManager=me`, client.buildJob());
    const [recorded] = api.requests;
    expect(recorded).to.deep.include({ method: 'POST', path: client.builds, query: { fieldManager: 'me' } });
    expect(recorded?.body).to.deep.equal(client.buildJob());
  });

  it('leaves nothing open when closed, whatever was under way', async () => {
    const open = (): string[] => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap');
    const before = open().length;
    await client.send(api, 'POST', client.builds, client.buildJob());
    const link = await client.attach(api, await client.podWhen(api, client.isRunning));
    await api.close();
    expect(await link.closed).to.equal(1006);
    expect(open()).to.have.length(before - 1);
  });

  it('writes a kubeconfig with the context and namespace asked for', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    try {
      const path = await api.writeKubeconfig(join(directory, 'kube'), { context: 'dev', namespace: 'builds' });
      const text = await readFile(path, 'utf8');
      expect(text).to.include('current-context: "dev"').and.to.include('namespace: "builds"').and.to.include(api.url);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
