import { expect } from 'chai';

import { digestOf } from '@slipway/oci';
import { inTurn, type ScriptedServer } from '@slipway/testing';

import { descriptor, digest, manifest, manifestAnswer } from '../support/manifest.js';
import { rejectionOf } from '../support/refusal-of.js';
import { hello, RegistryUnderTest } from '../support/registry-under-test.js';

const other = digestOf(Buffer.from('other'));

describe('RegistryClient.resolve', () => {
  const underTest = new RegistryUnderTest();
  let registry: ScriptedServer;

  beforeEach(async () => {
    registry = await underTest.server();
  });
  afterEach(() => underTest.close());

  function resolve(rest?: string): Promise<unknown> {
    return underTest.client(registry.host).resolve(hello(registry.host, rest));
  }

  it('asks for the head of the manifest only', async () => {
    registry.script = () => manifestAnswer();
    expect(await resolve()).to.deep.equal(descriptor);
    expect(registry.asked).to.deep.equal(['HEAD /v2/demo/hello/manifests/1']);
    expect(registry.received[0]?.headers.accept)
      .to.contain('application/vnd.oci.image.index.v1+json')
      .and.contain('application/vnd.docker.distribution.manifest.v2+json');
  });

  it('asks for the digest where the reference has one, and for latest where it has nothing', async () => {
    registry.script = () => manifestAnswer();
    await resolve(`:1@${digest}`);
    await resolve('');
    expect(registry.asked).to.deep.equal([
      `HEAD /v2/demo/hello/manifests/${digest}`,
      'HEAD /v2/demo/hello/manifests/latest',
    ]);
  });

  it('finds nothing where there is nothing', async () => {
    expect(await resolve()).to.equal(undefined);
    expect(registry.asked).to.deep.equal(['HEAD /v2/demo/hello/manifests/1']);
  });

  it('names itself as it is told', async () => {
    await underTest.client(registry.host, { userAgent: 'slipway/1.2' }).resolve(hello(registry.host));
    expect(registry.received[0]?.headers['user-agent']).to.equal('slipway/1.2');
  });

  describe('computes the digest of the content', () => {
    const heads = {
      'without a digest': manifestAnswer({ 'docker-content-digest': undefined }),
      'with a broken digest': manifestAnswer({ 'docker-content-digest': 'sha256:abc' }),
      'of no manifest type': manifestAnswer({ 'content-type': 'application/json' }),
      'that is refused': { status: 405 },
    };
    for (const [name, head] of Object.entries(heads)) {
      it(`after a head ${name}`, async () => {
        registry.script = ({ method }) =>
          method === 'HEAD' ? head : { body: manifest, headers: { 'content-type': 'application/json; charset=utf-8' } };
        expect(await resolve()).to.deep.equal(descriptor);
      });
    }
  });

  it('does not believe a digest that is not the one asked for', async () => {
    registry.script = () => manifestAnswer({ 'docker-content-digest': other });
    const error = await rejectionOf(resolve(`@${digest}`));
    expect(error).to.include({ code: 'REGISTRY_FAILED' });
    expect(error.reason).to.contain(other);
  });

  it('does not believe a digest that the content does not have', async () => {
    registry.script = ({ method }) =>
      method === 'HEAD' ? { status: 405 } : manifestAnswer({ 'docker-content-digest': other });
    const error = await rejectionOf(resolve());
    expect(error).to.include({ code: 'REGISTRY_FAILED' });
    expect(error.reason).to.contain(`promises ${other}`).and.contain(digest);
  });

  it('does not take a web page for a manifest', async () => {
    registry.script = () => ({ headers: { 'content-type': 'text/html' }, body: '<html>Log in</html>' });
    const error = await rejectionOf(resolve());
    expect(error).to.include({ code: 'REGISTRY_FAILED' });
    expect(error.reason).to.contain("'text/html'");
  });

  it('does not read a manifest without end', async () => {
    registry.script = ({ method }) => (method === 'HEAD' ? { status: 405 } : { body: 'x'.repeat(4 * 1024 * 1024 + 1) });
    expect((await rejectionOf(resolve())).reason).to.contain('longer than 4194304 bytes');
  });

  it('tells what the registry says, without what could steer a terminal', async () => {
    const body = JSON.stringify({ errors: [{ code: 'UNSUPPORTED', message: 'not \u001b[31mhere\n' }] });
    registry.script = () => ({ status: 400, body });
    expect(await rejectionOf(resolve())).to.include({
      code: 'REGISTRY_FAILED',
      reason: `${registry.host} answers with status 400 and says: UNSUPPORTED: not [31mhere.`,
    });
  });

  describe('tries again', () => {
    it('as the registry asks it to', async () => {
      registry.script = inTurn({ status: 429, headers: { 'retry-after': '0' } }, manifestAnswer());
      expect(await resolve()).to.deep.equal(descriptor);
      expect(registry.asked).to.have.length(2);
    });

    for (const status of [429, 502, 503, 504]) {
      it(`after status ${status}`, async () => {
        registry.script = inTurn({ status, headers: { 'retry-after': '0' } }, manifestAnswer());
        expect(await resolve()).to.deep.equal(descriptor);
        expect(registry.received.map(({ method }) => method)).to.deep.equal(['HEAD', 'HEAD']);
      });
    }

    it('not after status 500, which is no promise of better times', async () => {
      registry.script = () => ({ status: 500 });
      expect(await rejectionOf(resolve())).to.include({ code: 'REGISTRY_FAILED' });
      expect(registry.asked.filter((asked) => asked.startsWith('HEAD'))).to.have.length(1);
    });

    it('when the connection is reset', async () => {
      registry.script = inTurn('reset', manifestAnswer());
      expect(await resolve()).to.deep.equal(descriptor);
    });

    it('three times', async () => {
      registry.script = () => ({ status: 503, headers: { 'retry-after': '0' } });
      expect(await rejectionOf(resolve())).to.include({ code: 'REGISTRY_FAILED' });
      expect(registry.asked).to.have.length(4);
    });

    it('not when it would have to wait for long', async () => {
      registry.script = () => ({ status: 429, headers: { 'retry-after': '3600' } });
      expect(await rejectionOf(resolve())).to.include({ code: 'REGISTRY_FAILED', fix: 'Try again in 3600 s.' });
      expect(registry.asked).to.have.length(1);
    });

    it('not before the date that the registry names', async () => {
      registry.script = () => ({
        status: 429,
        headers: { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() },
      });
      expect((await rejectionOf(resolve())).fix).to.match(/^Try again in 3(600|59\d) s\.$/);
      expect(registry.asked).to.have.length(1);
    });
  });

  describe('is given up when its signal says so', () => {
    // Long enough to be in the middle of what the test is about, where it is not the answer itself that gives the signal.
    const soonMs = 100;

    async function givenUp(signal: AbortSignal): Promise<void> {
      const given = underTest.client(registry.host).resolve(hello(registry.host), { signal });
      expect(await given.catch((error: unknown) => error)).to.equal(signal.reason);
      expect(signal.aborted).to.equal(true);
    }

    it('before there is an answer', async () => {
      const controller = new AbortController();
      registry.script = () => {
        controller.abort(new Error('enough'));
        return 'silence';
      };
      await givenUp(controller.signal);
    });

    it('in the middle of the answer', async () => {
      registry.script = ({ method }) => (method === 'HEAD' ? { status: 405 } : { body: '{', unfinished: 'stalled' });
      await givenUp(AbortSignal.timeout(soonMs));
    });

    it('while it waits to try again', async () => {
      registry.script = () => ({ status: 429, headers: { 'retry-after': '20' } });
      await givenUp(AbortSignal.timeout(soonMs));
      expect(registry.asked).to.have.length(1);
    });
  });
});
