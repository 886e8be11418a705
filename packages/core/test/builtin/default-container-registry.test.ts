import { expect } from 'chai';
import { type ContainerRegistry, createSlipway } from '../../src/index.js';
import { isLocalHost } from '../../src/builtin/local-host.js';
import { certificate } from '../support/certificate.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testStack } from '../support/test-stack.js';

describe('The default container registry', () => {
  const folder = temporaryFolder();

  async function register(configuration: Record<string, unknown>): Promise<void> {
    const slipway = await createSlipway({ configDirectory: folder() });
    await slipway.components.register({ type: 'container_registry', flavor: 'default', name: 'reg', configuration });
  }

  async function made(configuration: Record<string, unknown>): Promise<ContainerRegistry> {
    const { stack } = await testStack(folder(), { container_registry: { flavor: 'default', configuration } });
    const registry = stack.get('container_registry');
    if (registry === undefined) throw new Error('the stack has no registry');
    return registry;
  }

  for (const uri of [
    'ghcr.io',
    'ghcr.io/acme',
    'ghcr.io/acme/',
    'registry.test:5000/a/b-c/d__e//',
    'REGISTRY.test:65535',
    '198.18.0.1:5000',
    '[2001:db8::1]:5000/a',
    '[::1]',
  ]) {
    it(`takes the uri ${uri}`, () => register({ uri }));
  }

  for (const uri of [
    ...[
      '',
      '/',
      'https://ghcr.io',
      'ghcr.io/Acme',
      'ghcr.io//acme',
      'ghcr.io/../acme',
      'ghcr.io/acme:1',
      'a b',
      '-a.test',
    ],
    ...['ghcr.io:', 'ghcr.io:0', 'ghcr.io:65536', 'ghcr.io:http', 'user@ghcr.io', '[::1', '[:::]', '[127.0.0.1]:5000'],
  ]) {
    it(`refuses the uri '${uri}'`, async () => {
      const error = await failure('INVALID_ATTRIBUTE', () => register({ uri }));
      expect(error.message).to.contain("'uri'").and.to.contain('HOST[:PORT][/PATH]');
    });
  }

  it('says what to write instead of a scheme', async () => {
    const error = await failure('INVALID_ATTRIBUTE', () => register({ uri: 'http://reg.test' }));
    expect(error.message).to.contain('must have no scheme').and.to.contain('insecure');
  });

  it('has its uri without trailing slashes, and everything a client needs', async () => {
    const registry = await made({
      ...{ uri: 'registry.test/a//', default_repository: 'demo/app', insecure: true, ca_bundle: certificate },
      ...{ username: 'me', password: 's3cret' },
    });
    expect(registry.uri).to.equal('registry.test/a');
    expect(registry.defaultRepository).to.equal('demo/app');
    expect(registry.transport).to.deep.equal({ insecure: true, skipTlsVerify: false, caBundle: certificate });
    expect(await registry.credentials()).to.deep.equal({ username: 'me', password: 's3cret' });
  });

  it('has no credentials unless they are given', async () => {
    expect(await (await made({ uri: 'registry.test' })).credentials()).to.equal(undefined);
  });

  for (const repository of ['Demo', '/demo', 'demo/', 'demo:1', '']) {
    it(`refuses the default repository '${repository}'`, async () => {
      await failure('INVALID_ATTRIBUTE', () => register({ uri: 'a.test', default_repository: repository }));
    });
  }

  it('takes several certificates, with text around them', () =>
    register({ uri: 'a.test', ca_bundle: `first\n${certificate}\nsecond\n${certificate}` }));

  for (const [title, pem] of [
    ['no PEM text', 'ca.crt'],
    ['rubbish between the lines', '-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n'],
    ['a good certificate and a broken one', `${certificate}\n${certificate.replace('M', '!')}`],
    ['a certificate that is cut off', certificate.slice(0, 300)],
    ['a key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
  ] as const) {
    it(`refuses a ca_bundle with ${title}`, async () => {
      const error = await failure('INVALID_ATTRIBUTE', () => register({ uri: 'a.test', ca_bundle: pem }));
      expect(error.message).to.contain('PEM').and.to.contain('--ca_bundle=@ca.crt');
    });
  }

  it('wants username and password together', async () => {
    const withoutPassword = await failure('MISSING_ATTRIBUTE', () => register({ uri: 'a.test', username: 'me' }));
    expect(withoutPassword.message).to.contain("'password'");
    const withoutUser = await failure('MISSING_ATTRIBUTE', () => register({ uri: 'a.test', password: 's3cret' }));
    expect(withoutUser.message).to.contain("'username'");
    expect(JSON.stringify(withoutUser)).not.to.contain('s3cret');
  });

  it('is local by its host, whatever its path', async () => {
    await failure('STACK_INVALID', () => made({ uri: 'localhost:5000/registry.test' }));
  });

  it('is not local for what its path says', async () => {
    expect((await made({ uri: 'registry.test/localhost' })).isLocal).to.equal(false);
  });
});

describe('A host', () => {
  for (const host of [
    ...['localhost', 'LOCALHOST:5000', 'foo.localhost', 'localhost.', '127.0.0.1', '127.1.2.3:80'],
    ...['[::1]:5000', '[::1]', '::1', '[0:0:0:0:0:0:0:1]', '[0:0:0:0:0:0:0:1]:80'],
  ]) {
    it(`${host} is this machine`, () => expect(isLocalHost(host)).to.equal(true));
  }
  for (const host of [
    ...['198.18.0.1:5000', '128.0.0.1', '12.7.0.1', '[2001:db8::1]:5000', '[::2]'],
    ...['localhost.example.com', 'mylocalhost', '127.0.0.1.example.com', 'registry.test', 'registry.test:127', ''],
  ]) {
    it(`'${host}' is another`, () => expect(isLocalHost(host)).to.equal(false));
  }
});
