import { PassThrough, pipeline, Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import unbzip2Stream from 'unbzip2-stream';
import { zstdUnsupported } from './files-error.js';

export type Compression = 'none' | 'gzip' | 'bzip2' | 'xz' | 'zstd';

const magics: readonly [Compression, Buffer][] = [
  ['gzip', Buffer.from([0x1f, 0x8b, 0x08])],
  ['bzip2', Buffer.from('BZh')],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
];

/** How something is compressed, told by its first bytes: names and media types lie. */
export function compressionOf(beginning: Buffer): Compression {
  return magics.find(([, magic]) => beginning.subarray(0, magic.length).equals(magic))?.[0] ?? 'none';
}

export function canReadZstd(): boolean {
  return 'createZstdDecompress' in zlib;
}

/**
 * What was compressed, at level memory.
 * @param name of what is read, for the error
 * @throws SlipwayError ZSTD_UNSUPPORTED
 */
export function decompress(content: AsyncIterable<Buffer>, compression: Compression, name: string): Readable {
  const source = Readable.from(content, { objectMode: false, highWaterMark: 256 * 1024 });
  if (compression === 'none') return source;
  const output = new PassThrough();
  // An error of either side destroys the output with it, and so reaches whoever reads.
  pipeline(source, decoderOf(compression, name), output, () => undefined);
  return output;
}

function decoderOf(compression: Compression, name: string): NodeJS.ReadWriteStream {
  if (compression === 'gzip') return zlib.createGunzip({ chunkSize: 256 * 1024 });
  if (compression === 'bzip2') return unbzip2Stream();
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => NodeJS.ReadWriteStream };
  if (compression === 'zstd' && createZstdDecompress !== undefined) return createZstdDecompress();
  if (compression === 'zstd') throw zstdUnsupported(name);
  throw new Error(`Nothing here reads ${compression}.`);
}

/** Finds out how a stream is compressed from its beginning, and decompresses it. */
export async function* decompressAny(content: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer, void> {
  const iterator = content[Symbol.asyncIterator]();
  try {
    let beginning: Buffer = Buffer.alloc(0);
    let ended = false;
    while (beginning.length < 6 && !ended) {
      const next = await iterator.next();
      if (next.done === true) ended = true;
      else beginning = beginning.length === 0 ? next.value : Buffer.concat([beginning, next.value]);
    }
    const whole = (async function* (): AsyncGenerator<Buffer, void> {
      yield beginning;
      for (let next = ended ? undefined : await iterator.next(); next?.done === false; next = await iterator.next()) {
        yield next.value;
      }
    })();
    yield* decompress(whole, compressionOf(beginning), name) as AsyncIterable<Buffer>;
  } finally {
    await iterator.return?.();
  }
}
