import { randomBytes } from 'node:crypto';
import { Gate } from '@slipway/testing';
import { expect } from 'chai';
import { useBench } from '../support/bench.js';

describe('In a cluster that is not always well, a build', () => {
  const used = useBench();

  describe('uploading over a link that', () => {
    it('is refused: says so, and what to ask for', async () => {
      const { bench } = used;
      const message = 'pods "x" is forbidden: User "scripted" cannot create resource "pods/attach"';
      bench.api.faults.answer({ path: /\/attach/, code: 403, message });
      const error = await bench.failure('KUBERNETES_FORBIDDEN');
      expect(error.message).to.include('attach to pods in namespace builds');
      expect(error.reason).to.include('pods/attach');
    });

    it('is reset before it stands: says that none came about', async () => {
      const { bench } = used;
      bench.api.faults.reset({ path: /\/attach/ });
      const error = await bench.failure('ATTACH_REFUSED');
      expect(error.fix).to.include('WebSockets');
    });

    it('is cut in the middle: fails, whatever the executor makes of it', async () => {
      const { bench } = used;
      await bench.file('large.bin', randomBytes(2 * 1024 * 1024));
      bench.api.faults.cutAttach({ afterBytes: 1024 * 1024 });
      const error = await bench.failure('UPLOAD_INTERRUPTED');
      expect(error.message).to.include('cut while the build context was being sent');
      expect(error.fix).to.include('Try again');
      expect(bench.input?.state).to.equal('cut');
      expect(bench.lines).to.deep.equal(['Error: error resolving source context: unexpected EOF']);
    });

    it('closes without a status: fails', async () => {
      const { bench } = used;
      const gate = new Gate();
      bench.script({ afterInput: [{ gate }] });
      bench.api.faults.endAttachWithoutStatus();
      const error = await bench.failure('UPLOAD_INTERRUPTED');
      expect(error.reason).to.include('without a status');
    });

    it('speaks the older protocol only: ends the input with the link', async () => {
      const { bench } = used;
      bench.api.faults.offerOnlyV4();
      await bench.build();
      expect(bench.input?.state).to.equal('ended');
    });
  });

  it('waits as long as it is asked to where the server is busy', async () => {
    const { bench } = used;
    const created = bench.api.faults.answer({ method: 'POST', path: /\/jobs\?/, code: 429, retryAfter: 0, times: 2 });
    const listed = bench.api.faults.answer({ method: 'GET', path: /\/pods\?/, code: 429, retryAfter: 1 });
    const began = performance.now();
    await bench.build();
    expect([created.used, listed.used]).to.deep.equal([2, 1]);
    expect(performance.now() - began).to.be.greaterThan(990);
  });

  it('begins the watch anew where it has expired, by event or by answer', async () => {
    const { bench } = used;
    bench.api.faults.expireWatch({ path: /\/pods\?/ });
    bench.api.faults.expireWatch({ path: /\/pods\?/, afterEvents: 1 });
    bench.api.faults.answer({ path: /\/pods\?.*watch=true/, code: 410 });
    await bench.build();
    const lists = bench.api.requests.filter(
      ({ path, query }) => path.endsWith('/pods') && query['watch'] === undefined,
    );
    expect(lists.length).to.be.greaterThan(2);
  });

  it('goes on with a watch that was dropped where that had come to', async () => {
    const { bench } = used;
    const fault = bench.api.faults.dropWatch({ path: /\/pods\?/, afterEvents: 1, times: 3 });
    bench.script({ beforeContainer: [{ waiting: 'ContainerCreating' }, { waiting: 'ContainerCreating' }] });
    await bench.build();
    expect(fault.used).to.be.greaterThan(0);
    const lists = bench.api.requests.filter(
      ({ path, query }) => path.endsWith('/pods') && query['watch'] === undefined,
    );
    expect(lists).to.have.length(1);
  });

  it('shows every line once, in order, however often the log drops', async () => {
    const { bench } = used;
    const fault = bench.api.faults.dropLog({ afterLines: 3, times: 3 });
    const gate = new Gate();
    const lines = Array.from({ length: 9 }, (_, index) => `line ${index}`);
    bench.script({ afterInput: [...lines.map((log) => ({ log })), { gate }, { log: 'the last' }] });
    const building = bench.build();
    await bench.told((event) => event.type === 'log' && event.line === 'line 2');
    await gate.reached;
    gate.open();
    await building;
    expect(bench.lines).to.deep.equal([...lines, 'the last']);
    expect(fault.used).to.be.greaterThan(0);
  });

  it('outlives an API server that is away for 5 s', async () => {
    const { bench } = used;
    const gate = new Gate();
    bench.script({ afterInput: [{ log: 'before' }, { gate }, { log: 'after' }] });
    const building = bench.build();
    await bench.told((event) => event.type === 'stage-started' && event.stage === 'build');
    await gate.reached;
    await bench.api.goAway(5_000);
    gate.open();
    await building;
    expect(bench.lines).to.deep.equal(['before', 'after']);
  });

  it('says that the upload was cut where the API server goes away in the middle of it', async () => {
    const { bench } = used;
    await bench.file('large.bin', randomBytes(32 * 1024 * 1024));
    const gate = new Gate();
    bench.script({ readBytes: 100_000, afterInput: [{ gate }, 'stay'] });
    const failing = bench.failure('UPLOAD_INTERRUPTED');
    await gate.reached;
    await bench.api.goAway(500);
    expect((await failing).fix).to.include('Try again');
  });

  it('says within seconds that no API server is there', async () => {
    const { bench } = used;
    await bench.api.goAway();
    const error = await bench.failure('CLUSTER_UNREACHABLE');
    expect(error.message).to.include("context 'dev'");
    expect(error.reason).to.equal('Nothing listens at that address.');
  });

  it('says that something else answered in the place of the API server', async () => {
    const { bench } = used;
    bench.api.faults.answer({ path: /\/pods\?/, code: 403, body: { login: 'here' } });
    const error = await bench.failure('KUBERNETES_FORBIDDEN');
    expect(error.message).to.include('list and watch pods');
    expect(error.reason).to.equal(undefined);
  });

  describe('whose Job is created but whose answer', () => {
    it('is lost: takes the Job as its own', async () => {
      const { bench } = used;
      bench.api.faults.loseAnswer({ method: 'POST', path: /\/jobs\?/ });
      await bench.build();
      expect(bench.creations).to.have.length(1);
    });

    it('never was one: creates it again', async () => {
      const { bench } = used;
      bench.api.faults.reset({ method: 'POST', path: /\/jobs\?/ });
      bench.api.faults.answer({ method: 'POST', path: /\/jobs\?/, code: 504 });
      await bench.build();
      expect(bench.creations).to.have.length(3);
    });

    it('is lost, and so is that of its secret: takes both as its own', async () => {
      const { bench } = used;
      await bench.configure({}, { username: 'me', password: 'open sesame' });
      bench.api.faults.loseAnswer({ method: 'POST', path: /\/secrets$/ });
      await bench.build();
    });
  });

  it('removes its Job although the first tries to are refused or lost', async () => {
    const { bench } = used;
    bench.api.faults.answer({ method: 'DELETE', path: /\/jobs\//, code: 429, retryAfter: 0 });
    bench.api.faults.answer({ method: 'DELETE', path: /\/jobs\//, code: 500 });
    bench.api.faults.reset({ method: 'DELETE', path: /\/jobs\// });
    bench.api.faults.loseAnswer({ method: 'DELETE', path: /\/jobs\// });
    await bench.build();
    expect(bench.warnings).to.deep.equal([]);
  });

  it('has removed everything when it ends, also where the registry was faster with bad news', async () => {
    const { bench } = used;
    bench.registry.hasImage = false;
    bench.api.faults.answer({ method: 'DELETE', path: /\/jobs\//, code: 429, retryAfter: 1 });
    await bench.failure('IMAGE_NOT_IN_REGISTRY');
    expect(bench.left).to.deep.equal([]);
  });
});
