import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';

import { digestOf, type Repository } from '@slipway/oci';
import {
  firstTime,
  MemoryRegistry,
  type ReceivedRequest,
  type ScriptedServer,
  type ServerAction,
} from '@slipway/testing';

import { altered, blobOf, inPieces, largeBlob, readBlob, smallBlob } from '../support/blob.js';
import { rejectionOf } from '../support/refusal-of.js';
import { RegistryUnderTest } from '../support/registry-under-test.js';

const half = largeBlob.bytes.length / 2;
const isPatch = ({ method }: ReceivedRequest): boolean => method === 'PATCH';
const isPut = ({ method }: ReceivedRequest): boolean => method === 'PUT';

describe('Repository writes blobs', () => {
  const underTest = new RegistryUnderTest();
  let server: ScriptedServer;
  let registry: MemoryRegistry;
  let repository: Repository;

  beforeEach(async () => {
    server = await underTest.server();
    registry = new MemoryRegistry(server);
    repository = underTest.client(server.host).repository('demo/hello');
  });
  afterEach(() => underTest.close());

  const ways = {
    'of known digest': (blob = largeBlob): Promise<unknown> =>
      repository.writeBlob(blob.descriptor, () => inPieces(blob.bytes)),
    'of unknown digest': (blob = largeBlob): Promise<unknown> =>
      repository.streamBlob(blob.descriptor.mediaType, inPieces(blob.bytes)),
  };

  function methods(): string {
    return server.received.map(({ method }) => method).join(' ');
  }

  async function expectWritten(blob = largeBlob): Promise<void> {
    expect((await readBlob(repository, blob)).equals(blob.bytes)).to.equal(true);
    expect(registry.uploads.size).to.equal(0);
  }

  for (const [name, write] of Object.entries(ways)) {
    describe(name, () => {
      it('in one request where they are small', async () => {
        await write(smallBlob);
        expect(methods()).to.equal('HEAD POST PUT');
        await expectWritten(smallBlob);
      });

      it('that are empty', async () => {
        await write(blobOf(Buffer.alloc(0)));
        await expectWritten(blobOf(Buffer.alloc(0)));
      });

      it('and sends nothing of a small one that is there', async () => {
        await write(smallBlob);
        server.received.length = 0;
        await write(smallBlob);
        expect(methods()).to.equal('HEAD');
      });

      it('that are large without announcing their length', async () => {
        await write();
        expect(server.received.find(isPatch)?.headers).to.include({ 'transfer-encoding': 'chunked' });
        await expectWritten();
      });

      it('going on where the connection broke', async () => {
        registry.fault = firstTime(isPatch, async (request): Promise<ServerAction> => {
          await registry.receive(request, half);
          return 'reset';
        });
        await write();
        expect(methods()).to.match(/POST PATCH GET PATCH PUT$/);
        expect(registry.receivedBytes).to.equal(half);
        await expectWritten();
      });

      it('from the start where the registry lost what it had', async () => {
        registry.fault = firstTime(isPatch, async (request): Promise<ServerAction> => {
          await registry.receive(request, half);
          registry.uploads.clear();
          return 'reset';
        });
        await write();
        expect(methods()).to.match(/POST PATCH GET( HEAD)? POST PATCH PUT$/);
        await expectWritten();
      });

      for (const [what, status] of Object.entries({ 'does not know it': 404, 'sees it elsewhere': 416 })) {
        it(`anew where the registry ${what}`, async () => {
          registry.fault = firstTime(isPatch, () => {
            registry.uploads.clear();
            return { status };
          });
          await write();
          expect(methods()).to.match(/POST PATCH GET( HEAD)? POST PATCH PUT$/);
          await expectWritten();
        });
      }

      it('anew also where the registry takes what follows after a break for wrong', async () => {
        const breaks = firstTime(isPatch, async (request): Promise<ServerAction> => {
          await registry.receive(request, half);
          return 'reset';
        });
        const refuses = firstTime(
          (request) => isPatch(request) && server.received.filter(isPatch).length === 2,
          () => {
            registry.uploads.clear();
            return { status: 400 };
          },
        );
        registry.fault = async (request) => (await refuses(request)) ?? breaks(request);
        await write();
        expect(methods()).to.match(/POST PATCH GET PATCH GET( HEAD)? POST PATCH PUT$/);
        await expectWritten();
      });

      it('without sending again what came where only the answer was lost', async () => {
        registry.fault = firstTime(isPatch, async (request): Promise<ServerAction> => {
          await registry.receive(request, largeBlob.bytes.length);
          return 'reset';
        });
        await write();
        expect(methods()).to.match(/POST PATCH GET PUT$/);
        await expectWritten();
      });

      it('to where the registry says that the upload goes on', async () => {
        registry.fault = firstTime(isPatch, async (request): Promise<ServerAction> => {
          await registry.receive(request, Infinity);
          return { status: 202, headers: { location: `${request.url.pathname}?state=a%2Fb%3D&moved=yes` } };
        });
        await write();
        expect(server.received.find(isPut)?.url.searchParams.get('moved')).to.equal('yes');
        await expectWritten();
      });

      it('waiting as long as the registry asks for', async () => {
        const busy = { status: 429, headers: { 'retry-after': '1' } };
        registry.fault = firstTime(isPatch, () => busy);
        const start = performance.now();
        await write();
        // More than it would wait by itself the first time; timers may be a little early.
        expect(performance.now() - start).to.be.greaterThan(990);
        await expectWritten();
      }).timeout(20_000);

      it('or says at once how long the registry wants it to wait', async () => {
        registry.fault = (request) =>
          isPatch(request) ? { status: 429, headers: { 'retry-after': '3600' } } : undefined;
        expect(await rejectionOf(write())).to.include({ code: 'REGISTRY_FAILED', fix: 'Try again in 3600 s.' });
        expect(registry.uploads.size).to.equal(0);
      });

      it('or says that the registry does not take them in the end', async () => {
        registry.fault = (request) => (isPut(request) ? { status: 400, body: 'no room' } : undefined);
        for (const blob of [smallBlob, largeBlob]) {
          const error = await rejectionOf(write(blob));
          expect(error).to.include({ code: 'REGISTRY_FAILED' });
          expect(error.reason).to.contain('no room');
        }
      });

      it('not again where only the last answer was lost', async () => {
        registry.fault = firstTime(isPut, () => {
          const [id = ''] = registry.uploads.keys();
          registry.uploads.delete(id);
          registry.blobs.set(`demo/hello@${largeBlob.descriptor.digest}`, largeBlob.bytes);
          return 'reset';
        });
        await write();
        expect(methods()).to.match(/POST PATCH PUT GET HEAD$/);
      });

      it('or gives up after three retries and cancels the upload', async () => {
        registry.fault = (request) => (isPatch(request) ? { status: 500, headers: { 'retry-after': '0' } } : undefined);
        expect(await rejectionOf(write())).to.include({ code: 'UPLOAD_FAILED' });
        expect(server.received.filter(isPatch)).to.have.length(4);
        expect(methods()).to.match(/DELETE$/);
        expect(registry.uploads.size).to.equal(0);
      });

      it('or says at once that the registry refuses', async () => {
        registry.fault = (request) => (isPatch(request) ? { status: 403 } : undefined);
        expect(await rejectionOf(write())).to.include({ code: 'REGISTRY_DENIED' });
        expect(server.received.filter(isPatch)).to.have.length(1);
        expect(registry.uploads.size).to.equal(0);
      });

      it('until its signal says that it is enough', async () => {
        const controller = new AbortController();
        const { signal } = controller;
        registry.fault = (request) => {
          if (!isPatch(request)) return undefined;
          controller.abort(new Error('enough'));
          return 'silence';
        };
        const { bytes, descriptor } = largeBlob;
        const writing = name.includes('unknown')
          ? repository.streamBlob('text/plain', inPieces(bytes), { signal })
          : repository.writeBlob(descriptor, () => inPieces(bytes), { signal });
        expect(await writing.catch((error: unknown) => error)).to.equal(signal.reason);
        expect(registry.uploads.size).to.equal(0);
      });
    });
  }

  it('in one request that ends the upload, going on where that one broke', async () => {
    const blob = blobOf(largeBlob.bytes.subarray(0, 500_000));
    registry.fault = firstTime(isPut, async (request): Promise<ServerAction> => {
      await registry.receive(request, 100_000);
      return 'reset';
    });
    await repository.writeBlob(blob.descriptor, () => inPieces(blob.bytes));
    expect(methods()).to.equal('HEAD POST PUT GET PUT');
    expect(server.received.at(-1)?.headers).to.include({ 'content-length': '400000' });
    await expectWritten(blob);
  });

  it('however slow the content comes', async () => {
    const patient = underTest.client(server.host, { timeoutMs: 500 }).repository('demo/hello');
    async function* slowly(): AsyncGenerator<Buffer> {
      yield largeBlob.bytes.subarray(0, half);
      // Longer than a silent registry would get.
      await new Promise((resolve) => setTimeout(resolve, 1200));
      yield largeBlob.bytes.subarray(half);
    }
    await patient.writeBlob(largeBlob.descriptor, slowly);
    expect(methods()).to.equal('HEAD POST PATCH PUT');
    await expectWritten();
  }).timeout(20_000);

  it('and keeps no connection that waits for what nobody sends any more', async () => {
    let closed: Promise<void> | undefined;
    registry.fault = (request) => {
      if (!isPatch(request)) return undefined;
      const { socket } = request.body as IncomingMessage;
      closed = new Promise((resolve) => socket.once('close', () => resolve()));
      return { status: 403 };
    };
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) yield await Promise.resolve(Buffer.alloc(64 * 1024));
    }
    expect(await rejectionOf(repository.streamBlob('text/plain', endless()))).to.include({ code: 'REGISTRY_DENIED' });
    await closed;
  });

  it('and tells the content when nobody reads on', async () => {
    let isClosed = false;
    async function* content(): AsyncGenerator<Buffer> {
      try {
        yield* inPieces(largeBlob.bytes);
      } finally {
        isClosed = true;
      }
    }
    registry.fault = ({ method }) => (method === 'POST' ? { status: 403 } : undefined);
    expect(await rejectionOf(repository.streamBlob('text/plain', content()))).to.include({ code: 'REGISTRY_DENIED' });
    expect(isClosed).to.equal(true);
  });

  for (const blob of [smallBlob, largeBlob]) {
    it(`but none of ${blob.bytes.length} bytes that is not what its descriptor promises`, async () => {
      for (const bytes of [altered(blob.bytes), blob.bytes.subarray(1), Buffer.alloc(4_000_000)]) {
        const error = await rejectionOf(repository.writeBlob(blob.descriptor, () => inPieces(bytes)));
        expect(error).to.include({ code: 'CONTENT_MISMATCH' });
      }
      expect(registry.blobs.size + registry.uploads.size).to.equal(0);
    });
  }

  it('and passes on what the content throws, even where it looks like a broken connection', async () => {
    const broken = Object.assign(new Error('the disk is gone'), { code: 'ECONNRESET' });
    async function* content(): AsyncGenerator<Buffer> {
      yield* inPieces(largeBlob.bytes.subarray(half));
      throw broken;
    }
    const stream = repository.streamBlob('text/plain', content());
    expect(await stream.catch((error: unknown) => error)).to.equal(broken);
    const write = repository.writeBlob(largeBlob.descriptor, content);
    expect(await write.catch((error: unknown) => error)).to.equal(broken);
    expect(registry.uploads.size).to.equal(0);
  });

  it('or says that what comes only once cannot be sent again', async () => {
    const bytes = Buffer.alloc(12 * 1024 * 1024, 'x');
    registry.fault = firstTime(isPatch, async (request): Promise<ServerAction> => {
      await registry.receive(request, 11 * 1024 * 1024);
      registry.uploads.clear();
      return 'reset';
    });
    const error = await rejectionOf(repository.streamBlob('text/plain', inPieces(bytes)));
    expect(error).to.include({ code: 'UPLOAD_FAILED' });
    expect(error.reason).to.contain('kept too little');
  });

  it('no faster than the registry takes 50 MB of them', async () => {
    registry.keepsContent = false;
    let [made, ahead] = [0, 0];
    const piece = Buffer.alloc(64 * 1024, 'x');
    async function* content(): AsyncGenerator<Buffer> {
      for (let count = 0; count < 800; count += 1) {
        made += piece.length;
        ahead = Math.max(ahead, made - registry.receivedBytes);
        yield await Promise.resolve(piece);
      }
    }
    const { size } = await repository.streamBlob('text/plain', content());
    expect([size, registry.receivedBytes]).to.deep.equal([52_428_800, 52_428_800]);
    const digest = digestOf(Buffer.alloc(size, 'x'));
    registry.blobs.clear();
    [made, registry.receivedBytes] = [0, 0];
    await repository.writeBlob({ mediaType: 'text/plain', digest, size }, content);
    expect(ahead).to.be.lessThan(16 * 1024 * 1024);
  });

  describe('from another repository of the registry', () => {
    beforeEach(() => {
      registry.blobs.set(`demo/base@${smallBlob.descriptor.digest}`, smallBlob.bytes);
    });

    it('without moving them', async () => {
      expect(await repository.mountBlob(smallBlob.descriptor, 'demo/base')).to.equal(true);
      expect(methods()).to.equal('POST');
      await expectWritten(smallBlob);
    });

    it('or says that it cannot, and leaves no upload behind', async () => {
      expect(await repository.mountBlob(smallBlob.descriptor, 'demo/other')).to.equal(false);
      expect(methods()).to.equal('POST DELETE');
      expect(registry.uploads.size).to.equal(0);
    });

    it('or says that it may not', async () => {
      registry.fault = () => ({ status: 403 });
      expect(await repository.mountBlob(smallBlob.descriptor, 'demo/base')).to.equal(false);
    });

    it('or says that it may not where there is no token for that', async () => {
      registry.fault = ({ url }) =>
        url.pathname === '/token'
          ? { status: 403 }
          : { status: 401, headers: { 'www-authenticate': `Bearer realm="${server.url}/token"` } };
      expect(await repository.mountBlob(smallBlob.descriptor, 'demo/base')).to.equal(false);
    });

    it('or says that the registry fails, which sending them would not help', async () => {
      registry.fault = () => ({ status: 500 });
      const error = await rejectionOf(repository.mountBlob(smallBlob.descriptor, 'demo/base'));
      expect(error).to.include({ code: 'REGISTRY_FAILED' });
    });
  });
});
