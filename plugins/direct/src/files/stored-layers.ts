import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, crc32, inflateRaw } from 'node:zlib';
import type { LayerCache, StoredBlock, StoredSegment } from './layer-cache.js';
import type { PackedBlock } from './pack-part.js';

const inflate = promisify(inflateRaw) as (packed: Buffer, options: object) => Promise<Buffer>;

const blocksAtOnce = 4;

/** A layer of the cache is gone, or is not what it was. */
export class BrokenLayer extends Error {
  constructor(
    readonly digest: string,
    cause: unknown,
  ) {
    super(`The layer ${digest} of the cache is broken.`, { cause });
  }
}

/** The layers of the cache that segments are taken from. `close` them in the end. */
export class StoredLayers {
  private readonly files = new Map<string, Promise<FileHandle>>();
  private readonly reads = new Set<Promise<unknown>>();

  constructor(private readonly cache: LayerCache) {}

  /**
   * The blocks of a segment, some at once, read as they are asked for.
   * @throws BrokenLayer
   */
  *read({ layer, offset, blocks }: StoredSegment): Generator<Promise<PackedBlock[]>, void, undefined> {
    const file = this.files.get(layer) ?? this.cache.openForSegments(layer);
    this.files.set(layer, file);
    let position = offset;
    for (let index = 0; index < blocks.length; index += blocksAtOnce) {
      const reads = blocks.slice(index, index + blocksAtOnce).map((block) => {
        position += block[0];
        return readStored(layer, file, position - block[0], block);
      });
      const settled = Promise.allSettled(reads);
      this.reads.add(settled);
      void settled.then(() => this.reads.delete(settled));
      yield Promise.all(reads);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.reads);
    for (const file of this.files.values()) await file.then((handle) => handle.close()).catch(() => undefined);
  }
}

async function readStored(
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
    return { plain, packed, checksum };
  } catch (cause) {
    throw new BrokenLayer(layer, cause);
  }
}
