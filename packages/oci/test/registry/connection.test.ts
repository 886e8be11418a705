import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ScriptedServer } from '@slipway/testing';
import { expect } from 'chai';

import { makeCertificate } from '../support/certificate.js';
import { descriptor, manifestAnswer } from '../support/manifest.js';
import { refusalOf, rejectionOf } from '../support/refusal-of.js';
import { hello, RegistryUnderTest } from '../support/registry-under-test.js';

const https = { insecure: false, skipTlsVerify: false };

describe('RegistryClient connects', () => {
  const underTest = new RegistryUnderTest();
  const certificate = makeCertificate('IP:127.0.0.1,DNS:registry.example.test');
  const otherCertificate = makeCertificate('DNS:other.example.test');

  afterEach(() => underTest.close());

  describe('over HTTPS', () => {
    let registry: ScriptedServer;

    beforeEach(async () => {
      registry = await underTest.server(certificate);
      registry.script = () => manifestAnswer();
    });

    it('with an authority of its own', async () => {
      const transport = { ...https, caBundle: `${otherCertificate.cert}\n${certificate.cert}` };
      const client = underTest.client(registry.host, { transport });
      expect(await client.resolve(hello(registry.host))).to.deep.equal(descriptor);
    });

    it('without checking the certificate where it is told so', async () => {
      const client = underTest.client(registry.host, { transport: { ...https, skipTlsVerify: true } });
      expect(await client.resolve(hello(registry.host))).to.deep.equal(descriptor);
    });

    it("with an authority of its own beside Node's", async () => {
      const folder = mkdtempSync(join(tmpdir(), 'slipway-authorities-'));
      const saved = process.env['NODE_EXTRA_CA_CERTS'];
      writeFileSync(join(folder, 'ca.pem'), certificate.cert);
      process.env['NODE_EXTRA_CA_CERTS'] = join(folder, 'ca.pem');
      try {
        const transport = { ...https, caBundle: otherCertificate.cert };
        const client = underTest.client(registry.host, { transport });
        expect(await client.resolve(hello(registry.host))).to.deep.equal(descriptor);
      } finally {
        if (saved === undefined) delete process.env['NODE_EXTRA_CA_CERTS'];
        else process.env['NODE_EXTRA_CA_CERTS'] = saved;
        rmSync(folder, { recursive: true });
      }
    });

    it('and not to one whose certificate it cannot trust', async () => {
      for (const transport of [https, { ...https, caBundle: otherCertificate.cert }]) {
        const error = await rejectionOf(underTest.client(registry.host, { transport }).resolve(hello(registry.host)));
        expect(error).to.include({ code: 'REGISTRY_CERTIFICATE_UNTRUSTED' });
        expect(error.fix).to.contain('--ca_bundle=@').and.contain('--skip_tls_verify=true');
      }
      expect(registry.received).to.deep.equal([]);
    });

    it('and not to one whose certificate is for another name', async () => {
      const impostor = await underTest.server(otherCertificate);
      const transport = { ...https, caBundle: otherCertificate.cert };
      const error = await rejectionOf(underTest.client(impostor.host, { transport }).resolve(hello(impostor.host)));
      expect(error).to.include({ code: 'REGISTRY_CERTIFICATE_UNTRUSTED' });
      expect(error.reason).to.contain('127.0.0.1');
      expect(error.fix).not.to.contain('--ca_bundle');
    });

    it('and does not let itself be redirected to plain HTTP', async () => {
      const plain = await underTest.server();
      registry.script = () => ({ status: 307, headers: { location: plain.url } });
      const client = underTest.client(registry.host, { transport: { ...https, caBundle: certificate.cert } });
      expect(await rejectionOf(client.resolve(hello(registry.host)))).to.include({ code: 'REGISTRY_FAILED' });
      expect(plain.received).to.deep.equal([]);
    });
  });

  it('over HTTPS to the end, wherever the rest of a list is said to be', async () => {
    const [registry, plain] = [await underTest.server(certificate), await underTest.server()];
    registry.script = () => ({ headers: { link: `<${plain.url}/more>; rel="next"` }, body: '{"tags":["1"]}' });
    const client = underTest.client(registry.host, { transport: { ...https, caBundle: certificate.cert } });
    expect(await rejectionOf(client.repository('demo/hello').tags())).to.include({ code: 'REGISTRY_FAILED' });
    expect(plain.received).to.deep.equal([]);
  });

  it('or says that the registry speaks plain HTTP', async () => {
    const registry = await underTest.server();
    const error = await rejectionOf(
      underTest.client(registry.host, { transport: https }).resolve(hello(registry.host)),
    );
    expect(error).to.include({ code: 'REGISTRY_SPEAKS_HTTP' });
    expect(error.fix).to.contain('--insecure=true');
  });

  it('or says that the registry speaks HTTPS', async () => {
    const registry = await underTest.server();
    registry.script = () => ({ status: 400, body: 'Client sent an HTTP request to an HTTPS server.\n' });
    const error = await rejectionOf(underTest.client(registry.host).resolve(hello(registry.host)));
    expect(error.fix).to.contain('--insecure=false');
    const repository = underTest.client(registry.host).repository('demo/hello');
    // The answer to a HEAD has no words.
    const asked = await rejectionOf(repository.hasBlob(descriptor));
    expect(asked.fix).to.contain('--insecure=false');
  });

  it('or says that nothing listens', async () => {
    const registry = await underTest.server();
    const { host } = registry;
    await registry.stop();
    const error = await rejectionOf(underTest.client(host).resolve(hello(host)));
    expect(error).to.include({ code: 'REGISTRY_UNREACHABLE' });
    expect(error.message).to.contain(host);
    expect(error.reason).to.contain('connection refused');
  });

  it('or says that the name is unknown', async () => {
    // A label too long for any name server, so that none has to be asked.
    const host = `${'x'.repeat(64)}.invalid`;
    const error = await rejectionOf(underTest.client(host).resolve(hello(host)));
    expect(error).to.include({ code: 'REGISTRY_UNREACHABLE' });
    expect(error.reason).to.contain('name is not known');
  });

  it('or says that no answer came', async () => {
    const registry = await underTest.server();
    registry.script = () => 'silence';
    const error = await rejectionOf(underTest.client(registry.host, { timeoutMs: 50 }).resolve(hello(registry.host)));
    expect(error).to.include({ code: 'REGISTRY_UNREACHABLE', reason: 'It did not answer in time.' });
  });

  for (const [unfinished, reason] of [
    ['stalled', 'It did not answer in time.'],
    ['cut', 'It closed the connection'],
  ] as const) {
    it(`or says that the answer was ${unfinished}`, async () => {
      const registry = await underTest.server();
      registry.script = ({ method }) =>
        method === 'HEAD' ? { status: 405 } : { headers: { 'content-length': 100 }, body: '{', unfinished };
      const error = await rejectionOf(
        underTest.client(registry.host, { timeoutMs: 200 }).resolve(hello(registry.host)),
      );
      expect(error).to.include({ code: 'REGISTRY_UNREACHABLE' });
      expect(error.reason).to.contain(reason);
    });
  }

  it('never to what is no host', () => {
    for (const host of ['127.0.0.1:99999', 'user@reg.example.com', 'reg.example.com/path', '']) {
      expect(refusalOf(() => underTest.client(host))).to.include({ code: 'INVALID_REGISTRY_URI', exitCode: 2 });
    }
  });

  it('never with authorities that cannot be read', () => {
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    for (const caBundle of ['', '/etc/ca.crt', broken]) {
      const error = refusalOf(() => underTest.client('reg.example.com', { transport: { ...https, caBundle } }));
      expect(error).to.include({ code: 'INVALID_CA_BUNDLE', exitCode: 2 });
    }
  });

  describe('through the proxy of the environment', () => {
    const saved = { ...process.env };
    let registry: ScriptedServer;
    let proxy: Server;
    let proxied: (string | undefined)[];
    let client: (insecure: boolean) => Promise<unknown>;

    beforeEach(async () => {
      registry = await underTest.server(certificate);
      registry.script = () => manifestAnswer();
      proxied = [];
      proxy = createServer((request, response) => {
        proxied.push(`${request.method ?? ''} ${request.url ?? ''}`, request.headers['proxy-authorization']);
        const answer = manifestAnswer();
        response.writeHead(200, answer.headers).end();
      });
      proxy.on('connect', (request, socket) => {
        proxied.push(`CONNECT ${request.url ?? ''}`, request.headers['proxy-authorization']);
        const onward = connect(registry.port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
        socket.pipe(onward).pipe(socket);
        for (const end of [socket, onward]) end.on('error', () => undefined);
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      const address = `http://me:secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']) delete process.env[name.toLowerCase()];
      Object.assign(process.env, { HTTPS_PROXY: address, HTTP_PROXY: address, NO_PROXY: '' });
      client = (insecure) => {
        const transport = { insecure, skipTlsVerify: false, caBundle: certificate.cert };
        return underTest
          .client('registry.example.test', { transport, timeoutMs: 2000 })
          .resolve(hello('registry.example.test'));
      };
    });
    afterEach(async () => {
      for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']) delete process.env[name];
      Object.assign(process.env, saved);
      await underTest.close();
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    });

    const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;

    it('by a tunnel for HTTPS', async () => {
      expect(await client(false)).to.deep.equal(descriptor);
      expect(proxied).to.deep.equal(['CONNECT registry.example.test:443', authorization]);
      expect(registry.received[0]?.headers).not.to.have.property('proxy-authorization');
    });

    it('also where its name is written in small letters', async () => {
      process.env['https_proxy'] = process.env['HTTPS_PROXY'];
      delete process.env['HTTPS_PROXY'];
      expect(await client(false)).to.deep.equal(descriptor);
      delete process.env['https_proxy'];
    });

    it("to where Docker Hub's registry answers, which is not its name", async () => {
      const hub = underTest.client('docker.io', { transport: https, timeoutMs: 2000 });
      await rejectionOf(hub.repository('library/hello').tags());
      expect(proxied[0]).to.equal('CONNECT registry-1.docker.io:443');
    });

    it('without taking what fails here for its fault', async () => {
      proxy.removeAllListeners('request');
      proxy.on('request', (_, response) => response.writeHead(202, { location: '/upload' }).end());
      const broken = new Error('the disk is gone');
      async function* content(): AsyncGenerator<Buffer> {
        yield await Promise.resolve(Buffer.alloc(2 * 1024 * 1024));
        throw broken;
      }
      const plain = underTest.client('registry.example.test', { timeoutMs: 2000 }).repository('demo/hello');
      expect(await plain.streamBlob('text/plain', content()).catch((error: unknown) => error)).to.equal(broken);
    });

    it('by the whole address for plain HTTP', async () => {
      expect(await client(true)).to.deep.equal(descriptor);
      expect(proxied).to.deep.equal(['HEAD http://registry.example.test/v2/demo/hello/manifests/1', authorization]);
    });

    for (const noProxy of ['registry.example.test', 'a, example.test', '.example.test', '*.example.test:443', '*']) {
      it(`unless NO_PROXY is '${noProxy}'`, async () => {
        process.env['NO_PROXY'] = noProxy;
        expect(await rejectionOf(client(false))).to.include({ code: 'REGISTRY_UNREACHABLE' });
        expect(proxied).to.deep.equal([]);
      });
    }

    it('also where NO_PROXY is about others', async () => {
      process.env['NO_PROXY'] = 'ample.test,.registry.example.test,registry.example.test:5000,10.0.0.0/8,,/';
      expect(await client(false)).to.deep.equal(descriptor);
    });

    it('not for addresses of a network that NO_PROXY lists', async () => {
      process.env['NO_PROXY'] = '127.0.0.0/8,192.0.2.0/24';
      process.env['HTTPS_PROXY'] = 'http://127.0.0.1:1';
      const outside = underTest.client('198.51.100.7', { transport: https, timeoutMs: 50 });
      expect((await rejectionOf(outside.resolve(hello('198.51.100.7')))).reason).to.contain('proxy 127.0.0.1:1');
      const listed = underTest.client('192.0.2.7', { transport: https, timeoutMs: 50 });
      expect((await rejectionOf(listed.resolve(hello('192.0.2.7')))).reason).not.to.contain('proxy');
    });

    it('and says that it is in the way when it refuses', async () => {
      proxy.removeAllListeners('connect');
      proxy.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
      const error = await rejectionOf(client(false));
      expect(error).to.include({ code: 'REGISTRY_UNREACHABLE' });
      expect(error.reason).to.contain('407').and.contain('through the proxy 127.0.0.1:').and.not.contain('secret');
    });

    it('or says that the environment names none', async () => {
      process.env['HTTPS_PROXY'] = 'socks5://me:secret@127.0.0.1:1080';
      const error = await rejectionOf(client(false));
      expect(error).to.include({ code: 'INVALID_PROXY', exitCode: 2 });
      expect(JSON.stringify(error)).not.to.contain('secret');
    });

    it('never to this machine', async () => {
      const transport = { ...https, caBundle: certificate.cert };
      const local = underTest.client(registry.host, { transport });
      expect(await local.resolve(hello(registry.host))).to.deep.equal(descriptor);
      expect(proxied).to.deep.equal([]);
    });
  });
});
