import { expect } from 'chai';

import { digestOf, type RegistryClient, type Repository } from '@slipway/oci';
import { firstTime, MemoryRegistry, type ScriptedServer, type ServerAnswer } from '@slipway/testing';

import { inPieces, largeBlob, readBlob, smallBlob } from '../support/blob.js';
import { mediaType } from '../support/manifest.js';
import { refusalOf, rejectionOf } from '../support/refusal-of.js';
import { RegistryUnderTest } from '../support/registry-under-test.js';

const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType }));
const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };

describe('Repository', () => {
  const underTest = new RegistryUnderTest();
  let server: ScriptedServer;
  let registry: MemoryRegistry;
  let client: RegistryClient;
  let repository: Repository;

  beforeEach(async () => {
    server = await underTest.server();
    registry = new MemoryRegistry(server);
    client = underTest.client(server.host);
    repository = client.repository('demo/hello');
  });
  afterEach(() => underTest.close());

  it('is asked for by a name that can be one', () => {
    for (const name of ['', 'Demo/hello', '../hello', 'demo/hello:1']) {
      expect(refusalOf(() => client.repository(name))).to.include({ code: 'INVALID_REFERENCE', exitCode: 2 });
    }
  });

  describe('of manifests', () => {
    it('gives them back by tag and by digest as they were written', async () => {
      expect(await repository.writeManifest(mediaType, bytes, ['1', 'latest'])).to.deep.equal(descriptor);
      for (const reference of ['1', 'latest', descriptor.digest]) {
        expect(await repository.manifest(reference)).to.deep.equal({ descriptor, bytes });
      }
      expect(server.received[0]?.headers).to.include({ 'content-type': mediaType });
      expect(server.asked.filter((asked) => asked.startsWith('PUT'))).to.deep.equal([
        'PUT /v2/demo/hello/manifests/1',
        'PUT /v2/demo/hello/manifests/latest',
      ]);
    });

    it('writes one without a tag under its digest', async () => {
      await repository.writeManifest(mediaType, bytes, []);
      expect(server.asked).to.deep.equal([`PUT /v2/demo/hello/manifests/${descriptor.digest}`]);
    });

    it('finds none where there is none', async () => {
      expect(await repository.manifest('1')).to.equal(undefined);
    });

    it('does not believe one of another digest', async () => {
      registry.fault = () => ({ headers: { 'content-type': mediaType }, body: bytes });
      const error = await rejectionOf(repository.manifest(smallBlob.descriptor.digest));
      expect(error).to.include({ code: 'REGISTRY_FAILED' });
      expect(error.reason).to.contain(descriptor.digest);
    });

    it('does not believe a registry that stores something else', async () => {
      const headers = { 'docker-content-digest': smallBlob.descriptor.digest };
      registry.fault = () => ({ status: 201, headers });
      expect(await rejectionOf(repository.writeManifest(mediaType, bytes, ['1']))).to.include({
        code: 'REGISTRY_FAILED',
      });
    });

    it('says what the registry has against it', async () => {
      registry.fault = () => ({ status: 400, body: '{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}' });
      const error = await rejectionOf(repository.writeManifest(mediaType, bytes, ['1']));
      expect(error).to.include({ code: 'REGISTRY_FAILED' });
      expect(error.reason).to.contain('MANIFEST_BLOB_UNKNOWN');
    });

    it('writes it to where the registry sends it, in the same way', async () => {
      registry.fault = ({ url }) =>
        url.pathname.endsWith('/1') ? { status: 308, headers: { location: './2' } } : undefined;
      await repository.writeManifest(mediaType, bytes, ['1']);
      expect(await repository.manifest('2')).to.deep.equal({ descriptor, bytes });
    });

    for (const status of [301, 302, 303]) {
      it(`does not write it to where status ${status} would lose it`, async () => {
        registry.fault = ({ url }) =>
          url.pathname.endsWith('/1') ? { status, headers: { location: './2' } } : undefined;
        const error = await rejectionOf(repository.writeManifest(mediaType, bytes, ['1']));
        expect(error).to.include({ code: 'REGISTRY_FAILED' });
        expect(server.received).to.have.length(1);
      });
    }

    it('writes it again where the connection broke', async () => {
      registry.fault = firstTime(
        () => true,
        () => 'reset',
      );
      await repository.writeManifest(mediaType, bytes, ['1']);
      expect((await repository.manifest('1'))?.bytes).to.deep.equal(bytes);
    });
  });

  describe('of tags', () => {
    const tags = ['1', '2', '3', '4', '5'];

    beforeEach(async () => {
      await repository.writeManifest(mediaType, bytes, tags);
      server.received.length = 0;
    });

    it('lists them, page by page', async () => {
      registry.pageLength = 2;
      expect(await repository.tags()).to.deep.equal(tags);
      expect(server.received.map(({ url }) => url.search)).to.deep.equal(['', '?last=2', '?last=4']);
    });

    it('lists none where there is no repository, or nothing in it', async () => {
      expect(await client.repository('demo/other').tags()).to.deep.equal([]);
      registry.fault = () => ({ body: '{"name":"demo/hello","tags":null}' });
      expect(await repository.tags()).to.deep.equal([]);
    });

    for (const body of ['<html>', '{"tags":[1]}', '{"tags":"1"}']) {
      it(`does not take ${body} for a list`, async () => {
        registry.fault = () => ({ body });
        expect(await rejectionOf(repository.tags())).to.include({ code: 'REGISTRY_FAILED' });
      });
    }

    it('does not read a page without end', async () => {
      registry.fault = () => ({ body: `{"tags":["1"${' '.repeat(32 * 1024 * 1024)}]}` });
      expect(await rejectionOf(repository.tags())).to.include({ code: 'REGISTRY_FAILED' });
    });

    it('does not follow pages for ever', async () => {
      registry.fault = () => ({ headers: { link: '</v2/demo/hello/tags/list?last=1>; rel="next"' }, body: '{}' });
      expect(await rejectionOf(repository.tags())).to.include({ code: 'REGISTRY_FAILED' });
    });

    it('does not tell another host who asks when a page lies there', async () => {
      const elsewhere = await underTest.server();
      elsewhere.script = () => ({ body: '{"tags":["6"]}' });
      registry.fault = ({ headers }): ServerAnswer =>
        headers.authorization === undefined
          ? { status: 401, headers: { 'www-authenticate': 'Basic realm="a registry"' } }
          : { headers: { link: `<${elsewhere.url}/more>; rel=next` }, body: '{"tags":["5"]}' };
      const credentials = { username: 'builder', password: 'pass:w0rd' };
      const asOwner = underTest.client(server.host, { credentials }).repository('demo/hello');
      expect(await asOwner.tags()).to.deep.equal(['5', '6']);
      expect(elsewhere.authorizations).to.deep.equal([undefined]);
    });
  });

  describe('deletes', () => {
    it('tags, manifests and blobs', async () => {
      await repository.writeManifest(mediaType, bytes, ['1']);
      await repository.writeBlob(smallBlob.descriptor, () => inPieces(smallBlob.bytes));
      expect(await repository.deleteManifest('1')).to.equal(true);
      expect(await repository.manifest('1')).to.equal(undefined);
      expect(await repository.deleteManifest(descriptor.digest)).to.equal(true);
      expect(await repository.manifest(descriptor.digest)).to.equal(undefined);
      expect(await repository.deleteBlob(smallBlob.descriptor.digest)).to.equal(true);
      expect(await repository.hasBlob(smallBlob.descriptor)).to.equal(false);
    });

    it('nothing where there is nothing', async () => {
      expect(await repository.deleteManifest('1')).to.equal(false);
      expect(await repository.deleteBlob(smallBlob.descriptor.digest)).to.equal(false);
    });

    it('or says that a registry deletes by digest alone, as Docker’s does', async () => {
      registry.fault = () => ({ status: 400, body: '{"errors":[{"code":"DIGEST_INVALID"}]}' });
      const error = await rejectionOf(repository.deleteManifest('1'));
      expect(error).to.include({ code: 'REGISTRY_FAILED' });
      expect(error.reason).to.contain('DIGEST_INVALID');
      expect(error.fix).to.contain('by its digest');
      expect((await rejectionOf(repository.deleteManifest(descriptor.digest))).fix).not.to.contain('digest');
    });

    it('or says that the registry does not', async () => {
      registry.fault = () => ({ status: 405 });
      const error = await rejectionOf(repository.deleteManifest('1'));
      expect(error).to.include({ code: 'REGISTRY_FAILED' });
      expect(error.reason).to.contain('405');
      expect(error.fix).to.contain('allow');
    });
  });

  describe('with tokens', () => {
    let valid: string;
    let issued: URL[];

    beforeEach(() => {
      valid = 'token-1';
      issued = [];
      registry.fault = ({ url, headers }) => {
        if (url.pathname.startsWith('/token')) {
          issued.push(url);
          return { body: JSON.stringify({ token: valid, expires_in: 300 }) };
        }
        return headers.authorization === `Bearer ${valid}` ? undefined : challenge('/token');
      };
    });

    function challenge(path: string): ServerAnswer {
      return { status: 401, headers: { 'www-authenticate': `Bearer realm="${server.url}${path}",service="s"` } };
    }

    function scopes(): string[][] {
      return issued.map(({ searchParams }) => searchParams.getAll('scope'));
    }

    it('asks for one, however many requests need it at the same time', async () => {
      await Promise.all(Array.from({ length: 8 }, () => repository.hasBlob(smallBlob.descriptor)));
      expect(scopes()).to.deep.equal([['repository:demo/hello:pull']]);
    });

    it('does not let one that is given up fail the others', async () => {
      const controller = new AbortController();
      const { fault } = registry;
      registry.fault = (request) => {
        if (request.url.pathname === '/token') controller.abort(new Error('enough'));
        return fault(request);
      };
      const [first, second] = await Promise.allSettled([
        repository.hasBlob(smallBlob.descriptor, { signal: controller.signal }),
        repository.hasBlob(smallBlob.descriptor),
      ]);
      const reason: unknown = controller.signal.reason;
      expect(first).to.include({ status: 'rejected', reason });
      expect(second).to.include({ status: 'fulfilled', value: false });
    });

    it('asks for the right to push once, and reads with it as well', async () => {
      await repository.writeBlob(largeBlob.descriptor, () => inPieces(largeBlob.bytes));
      await repository.hasBlob(largeBlob.descriptor);
      expect(scopes()).to.deep.equal([['repository:demo/hello:pull,push']]);
    });

    it('asks for another where the one that it has is for something else', async () => {
      await repository.hasBlob(smallBlob.descriptor);
      await client.repository('demo/other').hasBlob(smallBlob.descriptor);
      await repository.checkPush();
      await repository.deleteManifest('1');
      expect(scopes()).to.deep.equal([
        ['repository:demo/hello:pull'],
        ['repository:demo/other:pull'],
        ['repository:demo/hello:pull,push'],
        ['repository:demo/hello:delete'],
      ]);
      // Each of the four asked without a token first; so did the requests for one. And the upload was cancelled with the token that began it.
      expect(server.authorizations.filter((one) => one === undefined)).to.have.length(8);
      expect(server.received.filter(({ method }) => method === 'POST')).to.have.length(2);
    });

    it('takes the one that another request was given meanwhile', async () => {
      await repository.hasBlob(smallBlob.descriptor);
      valid = 'token-2';
      const { fault } = registry;
      let letGo = (): void => undefined;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      registry.fault = async (request) => {
        const { url, headers } = request;
        if (url.pathname.endsWith(descriptor.digest) && headers.authorization === 'Bearer token-1') await held;
        return fault(request);
      };
      const second = repository.hasBlob(descriptor);
      await repository.hasBlob(smallBlob.descriptor);
      letGo();
      await second;
      expect(issued).to.have.length(2);
    });

    it('asks for the right to read the repository that it takes a blob from', async () => {
      await repository.mountBlob(smallBlob.descriptor, 'demo/base');
      expect(scopes()).to.deep.equal([['repository:demo/hello:pull,push', 'repository:demo/base:pull']]);
    });

    it('asks for nothing in particular to see whether it is let in', async () => {
      await client.ping();
      expect(scopes()).to.deep.equal([[]]);
    });

    it('answers a new challenge in the middle of an upload', async () => {
      const { fault } = registry;
      registry.fault = (request) => {
        // Another service, and the old token is worth nothing.
        if (request.method === 'PATCH' && valid === 'token-1') {
          valid = 'token-2';
          return challenge('/token/new');
        }
        return fault(request);
      };
      await repository.streamBlob('text/plain', inPieces(largeBlob.bytes));
      expect(issued.map(({ pathname }) => pathname)).to.deep.equal(['/token', '/token/new']);
      expect((await readBlob(repository, largeBlob)).equals(largeBlob.bytes)).to.equal(true);
    });
  });

  describe('of a registry', () => {
    it('that answers', async () => {
      await client.ping();
      expect(server.asked).to.deep.equal(['GET /v2/']);
    });

    it('that is none', async () => {
      registry.fault = () => ({ status: 404 });
      expect(await rejectionOf(client.ping())).to.include({ code: 'REGISTRY_FAILED' });
    });
  });

  it('does not send an upload to where it could be read on its way', async () => {
    registry.fault = ({ method }) =>
      method === 'POST' ? { status: 202, headers: { location: 'ftp://127.0.0.1/upload' } } : undefined;
    expect(await rejectionOf(repository.streamBlob('text/plain', inPieces(smallBlob.bytes)))).to.include({
      code: 'REGISTRY_FAILED',
    });
  });
});
