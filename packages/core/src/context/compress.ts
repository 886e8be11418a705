import { availableParallelism } from 'node:os';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { blocksOf } from './blocks-of.js';

const blockSize = 256 * 1024;
// The speed of a local network asks for the fastest level.
const level = 1;
// How many blocks later the outcome of one decides. It is the same on every machine, so that the output is, however many run at once.
const lag = 4;
const inFlight = Math.min(lag, Math.max(2, availableParallelism()));
const worthwhile = 0.95;
const probeInterval = 4;
const probeSize = 16 * 1024;

const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff]);
const finalBlock = Buffer.from([3, 0]);

interface CompressedBlock {
  readonly bytes: Buffer;
  /** Undefined where nobody tried. */
  readonly shrank?: boolean;
}

/**
 * Compresses a stream to one gzip member. Blocks are deflated next to each other on the thread pool; where they do not shrink they are
 * stored, and only the beginning of every fourth is tried until one shrinks again. Reads on only as the result is pulled.
 */
export async function* compress(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const running: Promise<CompressedBlock>[] = [];
  const outcomes: (boolean | undefined)[] = [];
  let compressible = true;
  let checksum = 0;
  let size = 0;
  let index = 0;

  async function finishFirst(): Promise<Buffer> {
    const { bytes, shrank } = (await running.shift()) ?? { bytes: Buffer.alloc(0) };
    outcomes.push(shrank);
    return bytes;
  }

  yield header;
  for await (const block of blocksOf(source, blockSize)) {
    checksum = crc32(block, checksum);
    size += block.length;
    if (index >= lag) compressible = outcomes.shift() ?? compressible;
    const started = compressible ? tryDeflate(block) : index % probeInterval === 0 ? probe(block) : keep(block);
    started.catch(() => undefined); // reported when its turn comes, which it may never do
    running.push(started);
    index++;
    if (running.length >= inFlight) yield await finishFirst();
  }
  while (running.length > 0) yield await finishFirst();

  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(checksum, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  yield Buffer.concat([finalBlock, trailer]);
}

async function tryDeflate(block: Buffer): Promise<CompressedBlock> {
  const deflated = await deflate(block);
  const shrank = deflated.length < block.length * worthwhile;
  return { bytes: shrank ? deflated : store(block), shrank };
}

async function probe(block: Buffer): Promise<CompressedBlock> {
  const { shrank } = await tryDeflate(block.subarray(0, probeSize));
  return shrank === true ? tryDeflate(block) : keep(block);
}

function keep(block: Buffer): Promise<CompressedBlock> {
  return Promise.resolve({ bytes: store(block) });
}

/** A piece of a deflate stream that ends at a whole byte and is not the last. */
function deflate(block: Buffer): Promise<Buffer> {
  // Room for all output at once: each refill would be one more trip to the thread pool.
  const options = { level, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: block.length + 1024 };
  return new Promise((resolve, reject) => {
    deflateRaw(block, options, (error, deflated) => {
      if (error === null) resolve(deflated);
      else reject(error);
    });
  });
}

const largestStored = 0xffff;

/** The same kind of piece, without compression. */
function store(block: Buffer): Buffer {
  const pieces = Math.ceil(block.length / largestStored);
  const stored = Buffer.allocUnsafeSlow(block.length + 5 * pieces);
  for (let piece = 0; piece < pieces; piece++) {
    const start = piece * largestStored;
    const length = Math.min(largestStored, block.length - start);
    const offset = start + 5 * piece;
    stored.writeUInt8(0, offset);
    stored.writeUInt16LE(length, offset + 1);
    stored.writeUInt16LE(length ^ 0xffff, offset + 3);
    block.copy(stored, offset + 5, start, start + length);
  }
  return stored;
}
