import { expect } from 'chai';

import type { Repository } from '@slipway/oci';
import {
  firstTime,
  MemoryRegistry,
  type ReceivedRequest,
  type ScriptedServer,
  type ServerAnswer,
} from '@slipway/testing';

import { altered, blobOf, largeBlob, readBlob, smallBlob } from '../support/blob.js';
import { rejectionOf } from '../support/refusal-of.js';
import { RegistryUnderTest } from '../support/registry-under-test.js';

const credentials = { username: 'builder', password: 'pass:w0rd' };
const { bytes, descriptor } = largeBlob;
const half = bytes.length / 2;

describe('Repository reads blobs', () => {
  const underTest = new RegistryUnderTest();
  let server: ScriptedServer;
  let registry: MemoryRegistry;
  let repository: Repository;

  beforeEach(async () => {
    server = await underTest.server();
    registry = new MemoryRegistry(server);
    registry.blobs.set(`demo/hello@${descriptor.digest}`, bytes);
    repository = underTest.client(server.host).repository('demo/hello');
  });
  afterEach(() => underTest.close());

  function cut(length = half): ServerAnswer {
    return { headers: { 'content-length': bytes.length }, body: bytes.subarray(0, length), unfinished: 'cut' };
  }

  function ranges(): (string | undefined)[] {
    return server.received.map(({ headers }) => headers.range);
  }

  it('as they are', async () => {
    expect((await readBlob(repository, largeBlob)).equals(bytes)).to.equal(true);
    expect(await repository.hasBlob(descriptor)).to.equal(true);
    expect(await repository.hasBlob(smallBlob.descriptor)).to.equal(false);
  });

  it('going on where the connection broke', async () => {
    registry.fault = firstTime(
      () => true,
      () => cut(),
    );
    expect((await readBlob(repository, largeBlob)).equals(bytes)).to.equal(true);
    expect(ranges()[0]).to.equal(undefined);
    expect(ranges()[1]).to.match(/^bytes=\d+-$/);
  });

  it('from the start where the server knows no ranges', async () => {
    registry.fault = ({ headers }) => (headers.range === undefined ? cut() : { body: bytes });
    expect((await readBlob(repository, largeBlob)).equals(bytes)).to.equal(true);
    expect(server.received).to.have.length(2);
  });

  it('or says that the connection broke again and again', async () => {
    registry.fault = ({ headers }) => (headers.range === undefined ? cut(1000) : { ...cut(0), status: 200 });
    const error = await rejectionOf(readBlob(repository, largeBlob));
    expect(error).to.include({ code: 'REGISTRY_UNREACHABLE' });
    expect(server.received).to.have.length(4);
  });

  it('going on where the registry fell silent', async () => {
    registry.fault = firstTime(
      () => true,
      () => ({ ...cut(), unfinished: 'stalled' }),
    );
    const hasty = underTest.client(server.host, { timeoutMs: 500 }).repository('demo/hello');
    expect((await readBlob(hasty, largeBlob)).equals(bytes)).to.equal(true);
    expect(ranges()).to.have.length(2);
  });

  it('going on where an answer without a length came to an early end', async () => {
    registry.fault = firstTime(
      () => true,
      () => ({ headers: { 'transfer-encoding': 'chunked' }, body: bytes.subarray(0, half) }),
    );
    expect((await readBlob(repository, largeBlob)).equals(bytes)).to.equal(true);
    expect(ranges()).to.deep.equal([undefined, `bytes=${half}-`]);
  });

  it('never going on with another part than it asked for', async () => {
    registry.fault = ({ headers }) =>
      headers.range === undefined
        ? cut()
        : { status: 206, headers: { 'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}` }, body: bytes };
    const error = await rejectionOf(readBlob(repository, largeBlob));
    expect(error).to.include({ code: 'REGISTRY_FAILED' });
    expect(error.reason).to.contain('status 206');
  });

  it('or says that the registry fails, and not that the blob is not there', async () => {
    registry.fault = () => ({ status: 500 });
    expect(await rejectionOf(repository.hasBlob(descriptor))).to.include({ code: 'REGISTRY_FAILED' });
    expect((await rejectionOf(readBlob(repository, largeBlob))).reason).to.contain('status 500');
  });

  const wrong = {
    'another digest': altered(bytes),
    'more bytes': Buffer.concat([bytes, Buffer.from('x')]),
  };
  for (const [name, body] of Object.entries(wrong)) {
    it(`and does not believe content of ${name}`, async () => {
      registry.fault = () => ({ body });
      const error = await rejectionOf(readBlob(repository, largeBlob));
      expect(error).to.include({ code: 'REGISTRY_FAILED' });
      expect(error.message).to.contain('cannot be trusted');
    });
  }

  it('and says which is missing', async () => {
    const error = await rejectionOf(readBlob(repository, smallBlob));
    expect(error).to.include({ code: 'REGISTRY_FAILED' });
    expect(error.message).to.contain(smallBlob.descriptor.digest).and.contain('lacks');
  });

  it('and asks for none whose digest is a path', async () => {
    const error = await rejectionOf(
      readBlob(repository, { bytes, descriptor: { ...descriptor, digest: '../../other/blobs/x' } }),
    );
    expect(error).to.include({ code: 'INVALID_REFERENCE' });
    expect(server.received).to.deep.equal([]);
  });

  it('from another host without telling it who asks, from each place anew', async () => {
    const elsewhere = await underTest.server();
    let cuts = 0;
    elsewhere.script = ({ headers }: ReceivedRequest) => {
      const from = Number(/\d+/.exec(headers.range ?? '0')?.[0]);
      const whole = { status: from === 0 ? 200 : 206, headers: { 'content-range': `bytes ${from}-` } };
      return (cuts += 1) === 1 ? cut() : { ...whole, body: bytes.subarray(from) };
    };
    registry.fault = ({ headers }): ServerAnswer =>
      headers.authorization === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Basic realm="a registry"' } }
        : { status: 307, headers: { location: `${elsewhere.url}/store?signature=${server.received.length}` } };
    const asOwner = underTest.client(server.host, { credentials }).repository('demo/hello');
    expect((await readBlob(asOwner, largeBlob)).equals(bytes)).to.equal(true);
    expect(elsewhere.authorizations).to.deep.equal([undefined, undefined]);
    expect(elsewhere.received.map(({ url }) => url.search)).to.deep.equal(['?signature=2', '?signature=3']);
  });

  describe('however slow they are read', () => {
    const huge = blobOf(Buffer.alloc(24 * 1024 * 1024, 'x'));
    // Long enough for a busy machine not to be taken for a silent registry.
    const timeoutMs = 500;

    beforeEach(() => registry.blobs.set(`demo/hello@${huge.descriptor.digest}`, huge.bytes));

    async function readSlowly(): Promise<number> {
      let length = 0;
      const patient = underTest.client(server.host, { timeoutMs }).repository('demo/hello');
      for await (const chunk of patient.blob(huge.descriptor)) {
        // The time that passes here is what this is about: more than a silent registry would get.
        if (length === 0) await new Promise((resolve) => setTimeout(resolve, 2.5 * timeoutMs));
        length += chunk.length;
      }
      return length;
    }

    it('without asking twice', async () => {
      expect(await readSlowly()).to.equal(huge.bytes.length);
      expect(server.received).to.have.length(1);
    }).timeout(20_000);

    it('and goes on anew where the registry fell silent meanwhile', async () => {
      registry.fault = firstTime(
        () => true,
        () => ({
          headers: { 'content-length': huge.bytes.length },
          // All of it is here when the reader stops, so that nothing moves any more.
          body: huge.bytes.subarray(0, 100_000),
          unfinished: 'stalled',
        }),
      );
      expect(await readSlowly()).to.equal(huge.bytes.length);
      expect(ranges()).to.have.length(2);
    }).timeout(20_000);
  });
});
