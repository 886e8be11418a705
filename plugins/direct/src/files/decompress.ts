import { PassThrough, pipeline, Readable } from 'node:stream';
import * as zlib from 'node:zlib';

export type Compression = 'none' | 'gzip' | 'bzip2' | 'xz' | 'zstd';

const magics = {
  gzip: Buffer.from([0x1f, 0x8b, 0x08]),
  bzip2: Buffer.from('BZh'),
  xz: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
  zstd: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
} as const satisfies Partial<Record<Compression, Buffer>>;

/** How something is compressed, told by its first bytes: names and media types lie. */
export function compressionOf(beginning: Buffer): Compression {
  const known = Object.entries(magics).find(([, magic]) => beginning.subarray(0, magic.length).equals(magic));
  return (known?.[0] as keyof typeof magics | undefined) ?? 'none';
}

type Decoder = (content: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

const decoders: Readonly<Record<Compression, Decoder>> = {
  none: (content) => content,
  gzip: through(() => zlib.createGunzip({ chunkSize: 256 * 1024 })),
  bzip2: decodeBzip2,
  xz: decodeXz,
  zstd: decodeZstd,
};

/** What was compressed, at level memory. */
export function decompress(content: AsyncIterable<Buffer>, compression: Compression): AsyncIterable<Buffer> {
  return decoders[compression](content);
}

function through(create: () => NodeJS.ReadWriteStream): Decoder {
  return (content) => {
    const source = Readable.from(content, { objectMode: false, highWaterMark: 256 * 1024 });
    const output = new PassThrough();
    // An error of either side destroys the output with it, and so reaches whoever reads.
    pipeline(source, create(), output, () => undefined);
    return output as AsyncIterable<Buffer>;
  };
}

async function* decodeBzip2(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const { default: unbzip2Stream } = await import('unbzip2-stream');
  yield* through(() => unbzip2Stream())(content);
}

async function* decodeXz(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  yield* (await import('./decode-xz.js')).decodeXz(content);
}

/** What Node's zlib has from 22.15 on. */
interface ZstdLibrary {
  readonly createZstdDecompress?: () => NodeJS.ReadWriteStream;
  readonly zstdDecompressSync?: (bytes: Buffer) => Buffer;
}

async function* decodeZstd(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const library = zlib as ZstdLibrary;
  const { createZstdDecompress } = library;
  if (createZstdDecompress !== undefined && noticesCut(library)) yield* through(createZstdDecompress)(content);
  else yield* decodeZstdSlowly(content);
}

/** Whether what ends in the middle is an error, as it is not in Node 22. */
function noticesCut({ zstdDecompressSync }: ZstdLibrary): boolean {
  try {
    zstdDecompressSync?.(magics.zstd);
    return false;
  } catch {
    return true;
  }
}

async function* decodeZstdSlowly(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const { Decompress } = await import('fzstd');
  const decoded: Buffer[] = [];
  let isWhole = false;
  const decoder = new Decompress((chunk, isLast) => {
    decoded.push(Buffer.from(chunk));
    isWhole = isLast === true;
  });
  for await (const chunk of content) {
    decoder.push(chunk);
    yield* decoded.splice(0);
  }
  decoder.push(new Uint8Array(0), true);
  yield* decoded;
  if (!isWhole) throw new Error('The compressed data ends in the middle.');
}

/** Finds out how a stream is compressed from its beginning, and decompresses it. */
export async function* decompressAny(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
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
    yield* decompress(whole, compressionOf(beginning));
  } finally {
    await iterator.return?.();
  }
}
