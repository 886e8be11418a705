import type { ReceivedRequest, ScriptedServer, ServerAnswer } from '@slipway/testing';
import { expect } from 'chai';

import { makeCertificate } from '../support/certificate.js';
import { descriptor, manifestAnswer } from '../support/manifest.js';
import { rejectionOf } from '../support/refusal-of.js';
import { hello, RegistryUnderTest } from '../support/registry-under-test.js';

const credentials = { username: 'builder', password: 'pass:w0rd' };
const basic = `Basic ${Buffer.from('builder:pass:w0rd').toString('base64')}`;
const secrets = ['pass:w0rd', basic.slice(6), 'the-token'];

function challenge(value: string): ServerAnswer {
  return { status: 401, headers: { 'www-authenticate': value } };
}

describe('RegistryClient authenticates', () => {
  const underTest = new RegistryUnderTest();
  let registry: ScriptedServer;

  beforeEach(async () => {
    registry = await underTest.server();
  });
  afterEach(() => underTest.close());

  describe('with user name and password', () => {
    beforeEach(() => {
      registry.script = ({ headers }) =>
        headers.authorization === basic ? manifestAnswer() : challenge('Negotiate abc==, Basic realm="a registry"');
    });

    it('once it is asked to, and unasked from then on', async () => {
      const client = underTest.client(registry.host, { credentials });
      expect(await client.resolve(hello(registry.host))).to.deep.equal(descriptor);
      expect(await client.resolve(hello(registry.host))).to.deep.equal(descriptor);
      expect(registry.authorizations).to.deep.equal([undefined, basic, basic]);
    });

    it('or says that they are needed', async () => {
      const error = await rejectionOf(underTest.client(registry.host).resolve(hello(registry.host)));
      expect(error).to.include({ code: 'REGISTRY_UNAUTHORIZED', reason: 'It wants a user name and a password.' });
      expect(error.fix).to.contain('--username=');
    });

    it('never to who asks for them in a way that it does not know', async () => {
      registry.script = () => challenge('Negotiate abc==, Digest realm="a registry"');
      const client = underTest.client(registry.host, { credentials });
      const error = await rejectionOf(client.resolve(hello(registry.host)));
      expect(error).to.include({ code: 'REGISTRY_UNAUTHORIZED' });
      expect(error.reason).to.contain('neither Basic nor Bearer');
      expect(registry.authorizations).to.deep.equal([undefined]);
    });

    it('or says that they are wrong, after one try', async () => {
      const client = underTest.client(registry.host, { credentials: { ...credentials, password: 'wrong-one' } });
      const error = await rejectionOf(client.resolve(hello(registry.host)));
      expect(error).to.include({ code: 'REGISTRY_UNAUTHORIZED' });
      expect(JSON.stringify(error)).not.to.contain('wrong-one');
      expect(registry.asked).to.have.length(2);
    });
  });

  describe('with a token', () => {
    let tokenAnswer: ServerAnswer;
    let realm: string;

    beforeEach(() => {
      tokenAnswer = { body: JSON.stringify({ token: 'the-token', expires_in: 300 }) };
      realm = `${registry.url}/token?account=x`;
      registry.script = (request) => {
        if (request.url.pathname === '/token') return tokenAnswer;
        if (request.headers.authorization === 'Bearer the-token') return manifestAnswer();
        return challenge(
          `Bearer realm="${realm}",service="the \\"best\\"",scope="repository:demo/hello:pull,push a:b:c"`,
        );
      };
    });

    function tokenRequest(): ReceivedRequest | undefined {
      return registry.received.find(({ url }) => url.pathname === '/token');
    }

    it('from the service that the registry names, for what the registry says', async () => {
      const client = underTest.client(registry.host, { credentials });
      expect(await client.resolve(hello(registry.host))).to.deep.equal(descriptor);
      const { url, headers } = tokenRequest() ?? {};
      expect(url?.searchParams.get('account')).to.equal('x');
      expect(url?.searchParams.get('service')).to.equal('the "best"');
      expect(url?.searchParams.getAll('scope')).to.deep.equal(['repository:demo/hello:pull,push', 'a:b:c']);
      expect(headers?.authorization).to.equal(basic);
    });

    it('which it uses again', async () => {
      const client = underTest.client(registry.host);
      await client.resolve(hello(registry.host));
      await client.resolve(hello(registry.host));
      expect(registry.authorizations).to.deep.equal([undefined, undefined, 'Bearer the-token', 'Bearer the-token']);
    });

    it('but not after its end', async () => {
      tokenAnswer = { body: JSON.stringify({ access_token: 'the-token', expires_in: 1 }) };
      const client = underTest.client(registry.host);
      await client.resolve(hello(registry.host));
      await client.resolve(hello(registry.host));
      expect(registry.asked.filter((asked) => asked === 'GET /token')).to.have.length(2);
    });

    it('nor for longer than a minute where it does not say how long it is good', async () => {
      tokenAnswer = { body: JSON.stringify({ token: 'the-token' }) };
      const client = underTest.client(registry.host);
      const now = performance.now.bind(performance);
      try {
        for (const seconds of [0, 50, 61]) {
          performance.now = () => now() + seconds * 1000;
          await client.resolve(hello(registry.host));
        }
      } finally {
        performance.now = now;
      }
      expect(registry.asked.filter((asked) => asked === 'GET /token')).to.have.length(2);
    });

    it('without credentials where it has none', async () => {
      expect(await underTest.client(registry.host).resolve(hello(registry.host))).to.deep.equal(descriptor);
      expect(tokenRequest()?.headers.authorization).to.equal(undefined);
    });

    const failures = {
      'refuses the credentials': [{ status: 401 }, 'REGISTRY_UNAUTHORIZED', 'status 401 to the user name and password'],
      fails: [{ status: 500 }, 'REGISTRY_FAILED', 'status 500'],
      'gives no token': [{ body: '{"token":""}' }, 'REGISTRY_FAILED', 'an answer without a token'],
      'gives a page': [{ body: '<html>' }, 'REGISTRY_FAILED', 'an answer without a token'],
      'gives what is no header': [{ body: '{"token":"a\\nb"}' }, 'REGISTRY_FAILED', 'an answer without a token'],
      'gives no end': [
        { body: `{"token":"the-token","more":"${'x'.repeat(1024 * 1024)}"}` },
        'REGISTRY_FAILED',
        'an answer without a token',
      ],
    } as const;
    for (const [name, [answer, code, reason]] of Object.entries(failures)) {
      it(`or says that the service ${name}`, async () => {
        tokenAnswer = answer;
        const error = await rejectionOf(underTest.client(registry.host, { credentials }).resolve(hello(registry.host)));
        expect(error).to.include({ code });
        expect(error.reason).to.contain(reason);
      });
    }

    it('and tells the service nothing that the address of it would have it tell', async () => {
      realm = realm.replace('http://', 'http://me:myself@');
      expect(await underTest.client(registry.host).resolve(hello(registry.host))).to.deep.equal(descriptor);
      expect(tokenRequest()?.headers.authorization).to.equal(undefined);
    });

    it('never from a service without TLS where the registry has it, not even on its own host', async () => {
      const certificate = makeCertificate();
      const secure = await underTest.server(certificate);
      secure.script = () => challenge(`Bearer realm="${realm}"`);
      const transport = { insecure: false, skipTlsVerify: false, caBundle: certificate.cert };
      const client = underTest.client(secure.host, { credentials, transport });
      expect(await rejectionOf(client.resolve(hello(secure.host)))).to.include({ code: 'REGISTRY_FAILED' });
      expect(registry.received).to.deep.equal([]);
    });

    it('never from a service on another host without TLS', async () => {
      realm = `http://localhost:${registry.port}/token`;
      const error = await rejectionOf(underTest.client(registry.host, { credentials }).resolve(hello(registry.host)));
      expect(error).to.include({ code: 'REGISTRY_FAILED' });
      expect(tokenRequest()).to.equal(undefined);
    });

    it('and says when the token does not allow what is asked', async () => {
      registry.script = ({ url }) =>
        url.pathname === '/token'
          ? tokenAnswer
          : challenge(`Bearer realm="${realm}",error="insufficient_scope",scope="repository:demo/hello:pull"`);
      const asOwner = underTest.client(registry.host, { credentials });
      expect(await rejectionOf(asOwner.resolve(hello(registry.host)))).to.include({ code: 'REGISTRY_DENIED' });
      const asNobody = underTest.client(registry.host);
      expect(await rejectionOf(asNobody.resolve(hello(registry.host)))).to.include({ code: 'REGISTRY_UNAUTHORIZED' });
    });
  });

  describe('with the token of a login', () => {
    const identity = { kind: 'identitytoken', token: 'ident+ity' } as const;
    let forms: string[];

    beforeEach(() => {
      forms = [];
      registry.script = async ({ method, url, headers, body }) => {
        if (url.pathname === '/token') {
          let form = '';
          for await (const chunk of body as AsyncIterable<Buffer>) form += chunk.toString();
          forms.push(`${method} ${form}`);
          const isKnown = new URLSearchParams(form).get('refresh_token') === identity.token;
          return isKnown ? { body: JSON.stringify({ access_token: 'the-token' }) } : { status: 401, body: form };
        }
        if (headers.authorization === 'Bearer the-token') return manifestAnswer();
        return challenge(`Bearer realm="${registry.url}/token",service="hub",scope="repository:demo/hello:pull"`);
      };
    });

    it('which is exchanged for one that the registry takes', async () => {
      const client = underTest.client(registry.host, { credentials: identity });
      expect(await client.resolve(hello(registry.host))).to.deep.equal(descriptor);
      expect(forms).to.deep.equal([
        'POST grant_type=refresh_token&client_id=slipway&refresh_token=ident%2Bity&service=hub&scope=repository%3Ademo%2Fhello%3Apull',
      ]);
      expect(registry.authorizations).to.deep.equal([undefined, undefined, 'Bearer the-token']);
    });

    it('or says, without repeating it, that it is not taken', async () => {
      const client = underTest.client(registry.host, { credentials: { ...identity, token: 'old+one' } });
      const error = await rejectionOf(client.resolve(hello(registry.host)));
      expect(error).to.include({ code: 'REGISTRY_UNAUTHORIZED' });
      expect(error.reason).to.contain('status 401 to the token of the login');
      expect(JSON.stringify(error)).not.to.match(/old.*one/);
    });

    it('which is used as it is where it is the registry’s own', async () => {
      const credentials = { kind: 'registrytoken', token: 'the-token' } as const;
      const client = underTest.client(registry.host, { credentials });
      expect(await client.resolve(hello(registry.host))).to.deep.equal(descriptor);
      expect(forms).to.deep.equal([]);
      const other = underTest.client(registry.host, { credentials: { ...credentials, token: 'outdated' } });
      const error = await rejectionOf(other.resolve(hello(registry.host)));
      expect(error).to.include({ code: 'REGISTRY_UNAUTHORIZED' });
      expect(JSON.stringify(error)).not.to.contain('outdated');
    });

    it('but not to a registry that wants a password', async () => {
      registry.script = () => challenge('Basic realm="a registry"');
      const client = underTest.client(registry.host, { credentials: identity });
      const error = await rejectionOf(client.resolve(hello(registry.host)));
      expect(error).to.include({ code: 'REGISTRY_UNAUTHORIZED' });
      expect(registry.authorizations).to.deep.equal([undefined]);
    });
  });

  it('and says when it is not allowed what is asked', async () => {
    registry.script = () => ({ status: 403 });
    const error = await rejectionOf(underTest.client(registry.host).resolve(hello(registry.host)));
    expect(error).to.include({ code: 'REGISTRY_DENIED' });
    expect(error.message).to.contain(`${registry.host}/demo/hello`);
  });

  it('and repeats no secret, even if the registry does', async () => {
    registry.script = ({ url, headers, method }) => {
      if (url.pathname === '/token') return { body: JSON.stringify({ token: 'the-token' }) };
      if (headers.authorization === undefined) return challenge(`Bearer realm="${registry.url}/token"`);
      const message = `pass:w0rd ${basic} ${headers.authorization}`;
      return { status: method === 'HEAD' ? 405 : 400, body: JSON.stringify({ errors: [{ code: 'ECHO', message }] }) };
    };
    const error = await rejectionOf(underTest.client(registry.host, { credentials }).resolve(hello(registry.host)));
    expect(error.reason).to.contain('ECHO: …');
    for (const secret of secrets) expect(JSON.stringify(error)).not.to.contain(secret);
  });

  describe('but tells nothing to another host', () => {
    let elsewhere: ScriptedServer;

    beforeEach(async () => {
      elsewhere = await underTest.server();
      registry.script = ({ headers }) =>
        headers.authorization === basic
          ? { status: 307, headers: { location: `${elsewhere.url}/blob?signature=1` } }
          : challenge('Basic realm="a registry"');
    });

    it('that it is redirected to', async () => {
      elsewhere.script = () => manifestAnswer();
      const client = underTest.client(registry.host, { credentials });
      expect(await client.resolve(hello(registry.host))).to.deep.equal(descriptor);
      expect(elsewhere.authorizations).to.deep.equal([undefined]);
    });

    it('nor what the address would have it tell', async () => {
      elsewhere.script = () => manifestAnswer();
      registry.script = () => ({ status: 307, headers: { location: `http://me:myself@${elsewhere.host}/blob` } });
      expect(await underTest.client(registry.host).resolve(hello(registry.host))).to.deep.equal(descriptor);
      expect(elsewhere.authorizations).to.deep.equal([undefined]);
    });

    it('that asks for it', async () => {
      elsewhere.script = () => challenge('Basic realm="a trap"');
      const client = underTest.client(registry.host, { credentials });
      expect(await rejectionOf(client.resolve(hello(registry.host)))).to.include({ code: 'REGISTRY_UNAUTHORIZED' });
      expect(elsewhere.authorizations).to.deep.equal([undefined]);
    });
  });

  it('not for a host that it is redirected to before anybody asked', async () => {
    const elsewhere = await underTest.server();
    elsewhere.script = () => challenge(`Bearer realm="http://127.0.0.1:${elsewhere.port}/token"`);
    registry.script = () => ({ status: 307, headers: { location: `${elsewhere.url}/blob` } });
    const client = underTest.client(registry.host, { credentials });
    expect(await rejectionOf(client.resolve(hello(registry.host)))).to.include({ code: 'REGISTRY_UNAUTHORIZED' });
    expect(elsewhere.asked).to.deep.equal(['HEAD /blob']);
  });

  it('and does not follow redirects for ever', async () => {
    registry.script = () => ({ status: 302, headers: { location: '/again' } });
    const error = await rejectionOf(underTest.client(registry.host).resolve(hello(registry.host)));
    expect(error).to.include({ code: 'REGISTRY_FAILED', reason: 'It redirects more than 5 times.' });
  });
});
