import { availableParallelism } from 'node:os';
import { constants, deflateRaw } from 'node:zlib';

/** How large the blocks are that a stream is compressed in, in bytes. */
export const compressedBlockSize = 256 * 1024;
// The speed of a local network asks for the fastest level.
const level = 1;
// How many blocks later the outcome of one decides. It is the same on every machine, so that the output is, however many run at once.
const lag = 4;
const worthwhile = 0.95;
const probeInterval = 4;
const probeSize = 16 * 1024;

/** How many blocks are best compressed at once on this machine. */
export const blocksInFlight = Math.min(lag, Math.max(2, availableParallelism()));

interface CompressedBlock {
  readonly bytes: Buffer;
  /** Undefined where nobody tried. */
  readonly shrank?: boolean;
}

/**
 * Turns the blocks of one stream into pieces of a deflate stream, each of which ends at a whole byte and knows nothing of the others. A block
 * that does not shrink is stored, and then only the beginning of every fourth is tried until one shrinks again.
 */
export class BlockCompression {
  private index = 0;
  private compressible: Promise<boolean> = Promise.resolve(true);
  private readonly outcomes: Promise<boolean | undefined>[] = [];

  /** Blocks are given in their order, as many at once as their owner likes; what comes of them depends on their bytes alone. */
  async compress(block: Buffer): Promise<Buffer> {
    const index = this.index++;
    const compressible = index < lag ? this.compressible : this.decide(this.outcomes.shift());
    this.compressible = compressible;
    const compressed = compressible.then((worthTrying): CompressedBlock | Promise<CompressedBlock> => {
      if (worthTrying) return tryDeflate(block);
      return index % probeInterval === 0 ? probe(block) : { bytes: store(block) };
    });
    const outcome = compressed.then(({ shrank }) => shrank);
    outcome.catch(() => undefined); // whoever asked for the block gets to know
    this.outcomes.push(outcome);
    return (await compressed).bytes;
  }

  private async decide(outcome: Promise<boolean | undefined> | undefined): Promise<boolean> {
    const before = this.compressible;
    return (await outcome) ?? before;
  }
}

/** What stands before the pieces in a gzip stream. */
export const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff]);

/**
 * What stands behind the last piece.
 * @param checksum the CRC-32 of the uncompressed stream
 * @param size its length in bytes
 */
export function gzipEnd(checksum: number, size: number): Buffer {
  const end = Buffer.alloc(10);
  end.writeUInt8(3, 0); // an empty last block
  end.writeUInt32LE(checksum, 2);
  end.writeUInt32LE(size % 2 ** 32, 6);
  return end;
}

async function tryDeflate(block: Buffer): Promise<CompressedBlock> {
  const deflated = await deflate(block);
  const shrank = deflated.length < block.length * worthwhile;
  return { bytes: shrank ? deflated : store(block), shrank };
}

async function probe(block: Buffer): Promise<CompressedBlock> {
  const { shrank } = await tryDeflate(block.subarray(0, probeSize));
  return shrank === true ? tryDeflate(block) : { bytes: store(block) };
}

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
