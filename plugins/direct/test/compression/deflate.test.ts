import { createHash, randomBytes } from 'node:crypto';
import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { combineCrc32 } from '../../src/compression/combine-crc32.js';
import { Deflate } from '../../src/compression/deflate.js';
import { codeLengths } from '../../src/compression/huffman-code.js';

const blockSize = 256 * 1024;

function inflated(compressed: Buffer): Buffer {
  return inflateRawSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH });
}

/** Lines as those of source code, the same on every machine. */
function text(length: number, seed = 1): Buffer {
  let state = seed;
  let lines = '';
  while (lines.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    lines += `export const value${state % 97} = compute(${state.toString(16)}); // ${'-'.repeat(state % 13)}\n`;
  }
  return Buffer.from(lines.slice(0, length));
}

describe('Deflate', () => {
  const piece = 64 * 1024;
  const blocks: Record<string, Buffer> = {
    nothing: Buffer.alloc(0),
    'one byte': Buffer.from('x'),
    zeros: Buffer.alloc(blockSize),
    text: text(blockSize),
    'random bytes': randomBytes(blockSize),
    'text among random bytes': Buffer.concat([randomBytes(50_000), text(100_000), randomBytes(piece)]),
    'what is repeated from as far away as can be': Buffer.concat([...Array<Buffer>(3)].map(() => text(32_768))),
    'one letter too many for a piece': text(piece + 1),
    'a run longer than any match': Buffer.alloc(100_000, 'ab'),
  };
  for (const [name, block] of Object.entries(blocks)) {
    it(`loses nothing of ${name}`, () => {
      expect(inflated(new Deflate().compress(block)).equals(block)).to.equal(true);
    });
  }

  it('loses nothing of any bytes', () => {
    const few = fc.uint8Array({ maxLength: 3 });
    const repeated = fc.array(fc.tuple(few, fc.nat(300)), { maxLength: 60 });
    const deflate = new Deflate();
    fc.assert(
      fc.property(repeated, (runs) => {
        const block = Buffer.concat(runs.flatMap(([bytes, count]) => Array<Uint8Array>(count).fill(bytes)));
        expect(inflated(deflate.compress(block)).equals(block)).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });

  it('makes the same bytes on every machine', () => {
    const compressed = new Deflate().compress(Buffer.concat([text(200_000), Buffer.alloc(10_000), text(40_000, 7)]));
    const digest = createHash('sha256').update(compressed).digest('hex');
    // A change here is one of every layer: the registries of all users then get each once more.
    expect(digest).to.equal('d221b1f4548f63258d909993c18f7f196a22806829acced4990f2e1b96a235fc');
  });

  it('knows nothing of earlier blocks, whose memory may be gone', () => {
    const deflate = new Deflate();
    const earlier = new Uint8Array(text(blockSize));
    deflate.compress(earlier);
    structuredClone(earlier, { transfer: [earlier.buffer] });
    expect(deflate.compress(text(5_000)).equals(new Deflate().compress(text(5_000)))).to.equal(true);
  });

  it('is about as small as the fastest level of zlib, and no larger than what does not shrink', () => {
    const compressed = new Deflate().compress(text(blockSize));
    expect(compressed.length).to.be.below(deflateRawSync(text(blockSize), { level: 1 }).length * 1.1);
    expect(new Deflate().compress(randomBytes(blockSize)).length).to.be.at.most(blockSize + 64);
  });

  it('ends at a whole byte, so that pieces may follow each other', () => {
    const deflate = new Deflate();
    const pieces = [text(1_000), randomBytes(1_000), Buffer.alloc(0), text(3_000)];
    const joined = Buffer.concat(pieces.map((block) => deflate.compress(block)));
    expect(inflated(joined).equals(Buffer.concat(pieces))).to.equal(true);
  });
});

describe('code lengths', () => {
  it('use all room there is, and none more than the limit', () => {
    const frequencies = fc.array(fc.oneof(fc.constant(0), fc.nat(9), fc.nat(1_000_000)), {
      minLength: 2,
      maxLength: 100,
    });
    fc.assert(
      fc.property(frequencies, fc.constantFrom(7, 11, 15), (values, limit) => {
        const lengths = [...codeLengths(Int32Array.from(values), limit)];
        const room = lengths.reduce((sum, length) => sum + (length === 0 ? 0 : 2 ** -length), 0);
        expect(room).to.equal(1);
        expect(Math.max(...lengths)).to.be.at.most(limit);
        values.forEach((value, symbol) => expect(value > 0 && lengths[symbol] === 0).to.equal(false));
      }),
    );
  });

  it('are cut where frequencies grow as fast as they can', () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 30) fibonacci.push((fibonacci.at(-1) ?? 0) + (fibonacci.at(-2) ?? 0));
    const lengths = [...codeLengths(Int32Array.from(fibonacci), 15)];
    expect(Math.max(...lengths)).to.equal(15);
    expect(lengths.reduce((sum, length) => sum + 2 ** -length, 0)).to.equal(1);
  });
});

describe('combined CRC-32', () => {
  it('is that of both behind each other', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.uint8Array({ maxLength: 3000 }), (one, other) => {
        expect(combineCrc32(crc32(one), crc32(other), other.length)).to.equal(crc32(other, crc32(one)));
      }),
    );
  });

  it('holds for a length beyond four bytes', () => {
    const zeros = Buffer.alloc(1024 * 1024);
    let whole = crc32(zeros, crc32('x'));
    let combined = combineCrc32(crc32('x'), crc32(zeros), zeros.length);
    expect(combined).to.equal(whole);
    for (let index = 0; index < 20; index++) {
      whole = crc32(zeros, whole);
      combined = combineCrc32(combined, crc32(zeros), zeros.length);
    }
    expect(combined).to.equal(whole);
  });
});
