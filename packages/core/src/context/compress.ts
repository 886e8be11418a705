import { crc32 } from 'node:zlib';
import { BlockCompression, blocksInFlight, compressedBlockSize, gzipEnd, gzipHeader } from './block-compression.js';
import { blocksOf } from './blocks-of.js';

/**
 * Compresses a stream to one gzip member. Its blocks are compressed next to each other on the thread pool. Reads on only as the result is
 * pulled.
 */
export async function* compress(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const running: Promise<Buffer>[] = [];
  const compression = new BlockCompression();
  let checksum = 0;
  let size = 0;

  yield gzipHeader;
  for await (const block of blocksOf(source, compressedBlockSize)) {
    checksum = crc32(block, checksum);
    size += block.length;
    const compressed = compression.compress(block);
    compressed.catch(() => undefined); // reported when its turn comes, which it may never do
    running.push(compressed);
    if (running.length < blocksInFlight) continue;
    const first = await running.shift();
    if (first !== undefined) yield first;
  }
  for (const compressed of running) yield await compressed;
  yield gzipEnd(checksum, size);
}
