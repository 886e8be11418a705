import { expect } from 'chai';
import { Gate, ScriptedKubernetesApi } from '../src/index.js';
import * as client from './cluster-client.js';

/** The rejection of a promise that must not resolve. */
async function failureOf(work: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await work;
  } catch (error) {
    return error as Record<string, unknown>;
  }
  throw new Error('expected a failure');
}

describe('Faults of the ScriptedKubernetesApi', () => {
  let api: ScriptedKubernetesApi;
  beforeEach(async () => {
    api = await ScriptedKubernetesApi.start({ token: client.token });
  });
  afterEach(() => api.close());

  const runningPod = async (): Promise<Awaited<ReturnType<typeof client.podWhen>>> => {
    await client.send(api, 'POST', client.builds, client.buildJob());
    return client.podWhen(api, client.isRunning);
  };

  describe('of requests', () => {
    it('answers with a code, a Status and Retry-After, as often as asked', async () => {
      const fault = api.faults.answer({ method: 'POST', path: /\/jobs$/, code: 429, retryAfter: 2, times: 2 });
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const { code, headers, json } = await client.send(api, 'POST', client.builds, client.buildJob());
        expect(code).to.equal(429);
        expect(headers['retry-after']).to.equal('2');
        expect(json).to.deep.include({ reason: 'TooManyRequests', details: { retryAfterSeconds: 2 } });
      }
      expect((await client.send(api, 'POST', client.builds, client.buildJob())).code).to.equal(201);
      expect(fault.used).to.equal(2);
    });

    it('resets the connection without doing what was asked', async () => {
      api.faults.reset({ method: 'POST' });
      const error = await failureOf(client.send(api, 'POST', client.builds, client.buildJob()));
      expect(error).to.include({ code: 'ECONNRESET' });
      expect(api.objects.jobs).to.deep.equal([]);
    });

    it('does what was asked, and loses the answer', async () => {
      api.faults.loseAnswer({ method: 'POST' });
      const error = await failureOf(client.send(api, 'POST', client.builds, client.buildJob()));
      expect(error).to.include({ code: 'ECONNRESET' });
      expect(api.objects.jobs).to.have.length(1);
    });

    it('hangs, and is nevertheless closed without waiting', async () => {
      api.faults.hang({ path: /version$/ });
      const pending = failureOf(client.send(api, 'GET', '/version'));
      expect((await client.send(api, 'GET', '/version?again')).code).to.equal(200);
      await api.close();
      expect(await pending).to.include({ code: 'ECONNRESET' });
    });

    it('forgets what was not used up', async () => {
      api.faults.answer({ code: 500 });
      api.faults.clear();
      expect((await client.send(api, 'GET', '/version')).code).to.equal(200);
    });
  });

  describe('of attach', () => {
    it('refuses the upgrade with a Status', async () => {
      const pod = await runningPod();
      api.faults.answer({ path: /\/attach/, code: 403, message: 'no attach for you' });
      const refusal = await failureOf(client.attach(api, pod));
      expect(refusal['code']).to.equal(403);
      expect(JSON.parse(String(refusal['text']))).to.include({ reason: 'Forbidden', message: 'no attach for you' });
    });

    it('cuts the link after some bytes, upon which the build ends as Kaniko ends on half a context', async () => {
      const pod = await runningPod();
      api.faults.cutAttach({ afterBytes: 7 });
      const link = await client.attach(api, pod);
      client.sendInput(link, 'hello world');
      expect(await link.closed).to.equal(1006);
      const ended = await client.podWhen(api, client.hasEnded);
      expect(ended.status?.containerStatuses?.[0]?.state?.terminated).to.include({ exitCode: 1, reason: 'Error' });
      expect(api.stdin(pod.metadata?.name ?? '')).to.include({ bytes: 7, state: 'cut' });
      const { text } = await client.send(api, 'GET', `${client.podsPath}/${pod.metadata?.name ?? ''}/log`);
      expect(text).to.equal('Error: error resolving source context: unexpected EOF\n');
    });

    it('ends by itself when the input has ended, where the client wants no output', async () => {
      const gate = new Gate();
      api.script({ afterInput: [{ gate }] });
      const link = await client.attach(api, await runningPod(), client.v5, 'stdin=true');
      client.sendInput(link, 'hello');
      client.endInput(link);
      expect(await link.closed).to.equal(1000);
      expect(link.messages.at(-1)?.text).to.include('Success');
      await gate.reached;
      gate.open();
    });

    it('closes without a status', async () => {
      const pod = await runningPod();
      api.faults.endAttachWithoutStatus();
      const link = await client.attach(api, pod);
      client.endInput(link);
      expect(await link.closed).to.equal(1000);
      expect(link.messages.map(({ channel }) => channel)).not.to.include(3);
    });

    it('speaks v4 only, where the end of the link is the end of the input', async () => {
      const pod = await runningPod();
      api.faults.offerOnlyV4({ times: 2 });
      const link = await client.attach(api, pod);
      expect(link.socket.protocol).to.equal('v4.channel.k8s.io');
      client.sendInput(link, 'hello');
      client.endInput(link);
      link.socket.close();
      await link.closed;
      const ended = await client.podWhen(api, client.hasEnded);
      expect(ended.status?.phase).to.equal('Succeeded');
      expect(api.stdin(pod.metadata?.name ?? '')).to.include({ bytes: 5, state: 'ended' });
    });

    it('refuses a client that speaks v5 only when it offers v4 only', async () => {
      const pod = await runningPod();
      api.faults.offerOnlyV4();
      expect(await failureOf(client.attach(api, pod, ['v5.channel.k8s.io']))).to.include({ code: 403, text: '' });
    });
  });

  describe('of watches', () => {
    const watch = `${client.podsPath}?watch=1`;

    it('expires with an ERROR event', async () => {
      await runningPod();
      api.faults.expireWatch({ afterEvents: 1, path: /\/pods/ });
      const { text } = await client.send(api, 'GET', watch);
      const events = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; object: object });
      expect(events.map(({ type }) => type)).to.deep.equal(['ADDED', 'ERROR']);
      expect(events[1]?.object).to.include({ kind: 'Status', code: 410, reason: 'Expired' });
    });

    it('drops the connection after some events, all of which arrive', async () => {
      await runningPod();
      api.faults.dropWatch({ afterEvents: 2 });
      const error = await failureOf(client.send(api, 'GET', `${watch}&resourceVersion=1`));
      expect(String(error['text']).trim().split('\n')).to.have.length(2);
    });

    it('answers 410 on connect', async () => {
      api.faults.answer({ path: /watch=/, code: 410, message: 'too old resource version: 1 (2)' });
      expect((await client.send(api, 'GET', watch)).json).to.include({ code: 410, reason: 'Expired' });
    });

    it('tells the Kubernetes client of the end of a dropped watch', async () => {
      const { watch: watcher } = client.clientOf(api);
      api.faults.dropWatch();
      const done = new Promise<unknown>((resolve, reject) => {
        watcher.watch(client.podsPath, {}, () => undefined, resolve).catch(reject);
      });
      expect(await done).to.be.instanceOf(Error);
    });
  });

  it('drops a log stream after some lines, and gives the rest to who comes again with sinceTime', async () => {
    api.script({ afterInput: [{ log: 'one' }, { log: 'two' }, { log: 'three' }] });
    const pod = await runningPod();
    const link = await client.attach(api, pod);
    client.endInput(link);
    await link.closed;
    const path = `${client.podsPath}/${pod.metadata?.name ?? ''}/log?follow=true&timestamps=true`;
    api.faults.dropLog({ afterLines: 2 });
    const error = await failureOf(client.send(api, 'GET', path));
    const lines = String(error['text']).trim().split('\n');
    expect(lines.map((line) => line.slice(31))).to.deep.equal(['one', 'two']);
    const { text } = await client.send(api, 'GET', `${path}&sinceTime=${lines[1]?.slice(0, 30) ?? ''}`);
    expect(text).to.include('two\n').and.to.include('three\n');
    expect((await client.send(api, 'GET', `${path}&tailLines=1`)).text.slice(31)).to.equal('three\n');
  });

  it('goes away with all its connections and comes back on the same port with its state', async () => {
    const pod = await runningPod();
    const { url } = api;
    const link = await client.attach(api, pod);
    await api.goAway();
    expect(await link.closed).to.equal(1006);
    expect(await failureOf(client.send(api, 'GET', '/version'))).to.include({ code: 'ECONNREFUSED' });
    await api.comeBack();
    expect(api.url).to.equal(url);
    expect((await client.send(api, 'GET', `${client.builds}/build-1`)).code).to.equal(200);
  });

  it('comes back by itself after a time', async () => {
    await api.goAway(1);
    let answer: client.Answer | undefined;
    while (answer === undefined) answer = await client.send(api, 'GET', '/version').catch(() => undefined);
    expect(answer.code).to.equal(200);
  });
});
