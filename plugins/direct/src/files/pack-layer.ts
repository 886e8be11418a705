import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, crc32, inflateRaw } from 'node:zlib';
import { BlockCompression, blocksInFlight } from '@slipway/core';
import type { LayerCache, StoredBlock, StoredSegment } from './layer-cache.js';
import type { LayerSegment } from './layer-segments.js';
import { SegmentReader } from './read-segment.js';

const inflate = promisify(inflateRaw) as (packed: Buffer, options: object) => Promise<Buffer>;

/** A piece of a layer. */
export interface PackedBlock {
  readonly segment: LayerSegment | undefined;
  /** As it stands in the archive. */
  readonly plain: Buffer;
  /** As it stands in the compressed layer. */
  readonly packed: Buffer;
  /** The CRC-32 of what is plain. */
  readonly checksum: number;
}

/** A layer of the cache is gone, or is not what it was. */
export class BrokenLayer extends Error {
  constructor(
    readonly digest: string,
    cause: unknown,
  ) {
    super(`The layer ${digest} of the cache is broken.`, { cause });
  }
}

// Two blocks of zeros.
const endOfArchive = Buffer.alloc(1024);

/**
 * Packs a layer, block by block in their order, several of them at once. Segments that the cache has are taken from there as they are,
 * without a look at their files; the others are read and compressed.
 * @throws BrokenLayer; SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
 */
export async function* packLayer(
  segments: readonly LayerSegment[],
  cache: LayerCache,
  stored: ReadonlyMap<string, StoredSegment>,
  signal?: AbortSignal,
): AsyncGenerator<PackedBlock, void, undefined> {
  const running: Promise<PackedBlock>[] = [];
  const files = new Map<string, Promise<FileHandle>>();
  const storedAs = ({ key }: LayerSegment): StoredSegment | undefined =>
    key === undefined ? undefined : stored.get(key);
  const reader = new SegmentReader(
    segments.filter((segment) => storedAs(segment) === undefined),
    signal,
  );

  function opened(layer: string): Promise<FileHandle> {
    const file = files.get(layer) ?? cache.openForSegments(layer);
    files.set(layer, file);
    return file;
  }
  async function* started(): AsyncGenerator<{ readonly block: Promise<PackedBlock> }, void, undefined> {
    for (const segment of segments) {
      const known = storedAs(segment);
      if (known !== undefined) {
        let { offset } = known;
        for (const block of known.blocks) {
          yield { block: readStored(segment, known.layer, opened(known.layer), offset, block) };
          offset += block[0];
        }
        signal?.throwIfAborted();
      } else {
        const compression = new BlockCompression();
        for await (const plain of reader.read(segment)) yield { block: compress(segment, plain, compression) };
      }
    }
    yield { block: compress(undefined, endOfArchive, new BlockCompression()) };
  }

  try {
    for await (const { block } of started()) {
      block.catch(() => undefined); // reported when its turn comes, which it may never do
      running.push(block);
      if (running.length < blocksInFlight) continue;
      const first = await running.shift();
      if (first !== undefined) yield first;
    }
    for (const block of running) yield await block;
  } finally {
    await Promise.allSettled(running);
    await reader.settled();
    for (const file of files.values()) await file.then((handle) => handle.close()).catch(() => undefined);
  }
}

async function compress(
  segment: LayerSegment | undefined,
  plain: Buffer,
  compression: BlockCompression,
): Promise<PackedBlock> {
  const packed = compression.compress(plain);
  const checksum = crc32(plain);
  return { segment, plain, packed: await packed, checksum };
}

async function readStored(
  segment: LayerSegment,
  layer: string,
  file: Promise<FileHandle>,
  offset: number,
  [compressed, length, checksum]: StoredBlock,
): Promise<PackedBlock> {
  try {
    const packed = Buffer.allocUnsafeSlow(compressed);
    const { bytesRead } = await (await file).read(packed, 0, compressed, offset);
    if (bytesRead < compressed) throw new Error('It ends too early.');
    // Room for all at once: each refill would be one more trip to the thread pool.
    const plain = await inflate(packed, { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: length + 1024 });
    if (plain.length !== length || crc32(plain) !== checksum) throw new Error('It holds something else.');
    return { segment, plain, packed, checksum };
  } catch (cause) {
    throw new BrokenLayer(layer, cause);
  }
}
