import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { compress } from '../../src/context/compress.js';
import { collect } from './collect.js';

const mebibyte = 2 ** 20;
const block = mebibyte / 4;

describe('compress', () => {
  it('is one gzip member that gives back what went in', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
      fc.integer({ min: 0, max: 900_000 }).map((size) => Buffer.alloc(size, 'text that repeats, ')),
      fc.integer({ min: 0, max: 900_000 }).map((size) => noise(size)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const compressed = await collect(compress(streamOf(pieces)));
        expect(gunzipSync(compressed).equals(Buffer.concat(pieces))).to.equal(true);
      }),
      { numRuns: 40 },
    );
  });

  it('passes the test of gzip', async () => {
    const input = [Buffer.alloc(mebibyte, 'a'), noise(3 * mebibyte), Buffer.alloc(100)];
    execFileSync('gzip', ['-t'], {
      input: await collect(compress(streamOf(input))),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  });

  it('depends on the bytes, not on how they were cut', async () => {
    const input = Buffer.concat([noise(2 * mebibyte), Buffer.alloc(2 * mebibyte, 'text '), noise(mebibyte)]);
    const whole = await collect(compress(streamOf([input])));
    for (const size of [4095, 256 * 1024, 300_000]) {
      expect((await collect(compress(streamOf(cut(input, size))))).equals(whole)).to.equal(true);
    }
  });

  it('makes text smaller', async () => {
    const text = Buffer.alloc(4 * mebibyte, 'the quick brown fox jumps over the lazy dog\n');
    expect((await collect(compress(streamOf([text])))).length).to.be.below(text.length / 50);
  });

  it('adds next to nothing to what does not shrink', async () => {
    const input = noise(4 * mebibyte);
    expect((await collect(compress(streamOf([input])))).length).to.be.below(input.length * 1.0002);
  });

  it('does not try every block of what did not shrink', async () => {
    const [before, between, after] = [noise(33 * block), Buffer.alloc(block, 'text '), noise(10 * block)];
    const compressed = await collect(compress(streamOf([before, between, after])));
    expect(compressed.length).to.be.above(44 * block);
  });

  it('compresses again soon after what did not shrink', async () => {
    const input = [noise(8 * mebibyte), Buffer.alloc(16 * mebibyte, 'text ')];
    expect((await collect(compress(streamOf(input)))).length).to.be.below(10.5 * mebibyte);
  });

  it('reads no further than a few blocks ahead of what is pulled', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<Buffer, void, undefined> {
      for (;;) {
        read += mebibyte;
        yield await Promise.resolve(noise(mebibyte));
      }
    }
    const compressed = compress(endless());
    for (let pulled = 0; pulled < 4; pulled++) await compressed.next();
    expect(read).to.be.at.most(3 * mebibyte);
    await compressed.return();
  });

  it('ends its source where the reader goes away', async () => {
    let ended = false;
    async function* source(): AsyncGenerator<Buffer, void, undefined> {
      try {
        for (;;) yield await Promise.resolve(noise(mebibyte));
      } finally {
        ended = true;
      }
    }
    for await (const chunk of compress(source())) if (chunk.length > 1000) break;
    expect(ended).to.equal(true);
  });

  it('fails as its source does', async () => {
    async function* source(): AsyncGenerator<Buffer, void, undefined> {
      yield await Promise.resolve(noise(mebibyte));
      throw new Error('no more');
    }
    const error: unknown = await collect(compress(source())).catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'no more');
  });
});

const someNoise = randomBytes(mebibyte + 12_345);

/** Bytes that do not shrink; no window of a deflate stream is long enough to see that they repeat. */
function noise(size: number): Buffer {
  return Buffer.alloc(size, someNoise);
}

function cut(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

async function* streamOf(pieces: readonly Buffer[]): AsyncGenerator<Buffer, void, undefined> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
