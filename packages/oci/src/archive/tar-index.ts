import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import { paddingOf, tarBlockSize } from '@slipway/core';

import { archiveInvalid, archiveUnreadable } from './archive-problem.js';
import { decodePaxRecords, decodeTarHeader, type TarHeader } from './tar-header.js';

/** Where a file's content lies in the archive, in bytes. */
export interface TarFile {
  readonly offset: number;
  readonly size: number;
}

const chunkSize = 256 * 1024;
/** Names and attributes longer than this have no place in an archive of images. */
const maximumAttributes = 1024 * 1024;
const maximumLinks = 16;

/** What lies where in a tar archive on disk. Only its headers are read for it, however large its files are. */
export class TarIndex {
  readonly path: string;
  readonly #files: ReadonlyMap<string, TarFile>;
  readonly #links: ReadonlyMap<string, string>;

  private constructor(path: string, files: ReadonlyMap<string, TarFile>, links: ReadonlyMap<string, string>) {
    this.path = path;
    this.#files = files;
    this.#links = links;
  }

  /** @throws SlipwayError `ARCHIVE_INVALID`, `ARCHIVE_UNREADABLE` */
  static async read(path: string): Promise<TarIndex> {
    const files = new Map<string, TarFile>();
    const links = new Map<string, string>();
    let file: FileHandle | undefined;
    try {
      file = await open(path, 'r');
      for await (const { header, offset } of entries(file, path)) {
        const name = normalize(header.name);
        // As tar itself does it, what comes later replaces what came before.
        files.delete(name);
        links.delete(name);
        if (header.type === '0' || header.type === '7') files.set(name, { offset, size: header.size });
        if (header.type === '1') links.set(name, normalize(header.target));
        if (header.type === '2') links.set(name, normalize(posix.join(posix.dirname(name), header.target)));
      }
    } catch (error) {
      throw error instanceof Error && 'syscall' in error ? archiveUnreadable(path, error) : error;
    } finally {
      await file?.close();
    }
    return new TarIndex(path, files, links);
  }

  /** Follows links. */
  file(name: string): TarFile | undefined {
    let at = normalize(name);
    for (let followed = 0; followed < maximumLinks; followed += 1) {
      const target = this.#links.get(at);
      if (target === undefined) return this.#files.get(at);
      at = target;
    }
    return undefined;
  }

  async *content(file: TarFile, signal?: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
    signal?.throwIfAborted();
    if (file.size === 0) return;
    const range = { start: file.offset, end: file.offset + file.size - 1, highWaterMark: chunkSize };
    try {
      for await (const chunk of createReadStream(this.path, range)) {
        signal?.throwIfAborted();
        yield chunk as Buffer;
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw archiveUnreadable(this.path, error);
    }
  }

  /** The whole of a file, or undefined where it is longer than `limit` bytes. */
  async bytes(file: TarFile, limit: number): Promise<Buffer | undefined> {
    if (file.size > limit) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of this.content(file)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
}

/** The entries, with what comes in headers of their own put where it belongs. */
async function* entries(file: FileHandle, path: string): AsyncGenerator<{ header: TarHeader; offset: number }> {
  const { size: end } = await file.stat();
  let attributes: Attributes = {};
  let position = 0;
  if (end === 0) throw archiveInvalid(path, 'It is empty.');
  while (position < end) {
    const block = await readAt(file, position, tarBlockSize);
    if (block.length < tarBlockSize) throw noTar(path, block, position);
    if (block.every((byte) => byte === 0)) break;
    const header = withAttributes(decodeTarHeader(block), attributes);
    if (header === undefined) throw noTar(path, block, position);
    const offset = position + tarBlockSize;
    if (offset + header.size > end) throw archiveInvalid(path, `It is cut off in '${header.name}'.`);
    const isAttributes = ['x', 'L', 'K'].includes(header.type);
    if (isAttributes && header.size > maximumAttributes) throw archiveInvalid(path, 'It has a name of absurd length.');
    if (isAttributes) {
      attributes = { ...attributes, ...attributesIn(header.type, await readAt(file, offset, header.size)) };
    } else if (header.type !== 'g') {
      yield { header, offset };
      attributes = {};
    }
    position = offset + header.size + paddingOf(header.size);
  }
}

type Attributes = Partial<Pick<TarHeader, 'name' | 'target' | 'size'>>;

function withAttributes(header: TarHeader | undefined, attributes: Attributes): TarHeader | undefined {
  if (header === undefined || ['x', 'g', 'L', 'K'].includes(header.type)) return header;
  return { ...header, ...attributes };
}

function attributesIn(type: string, content: Buffer): Attributes {
  if (type === 'L') return { name: content.toString('utf8').replace(/\0+$/, '') };
  if (type === 'K') return { target: content.toString('utf8').replace(/\0+$/, '') };
  const records = decodePaxRecords(content);
  const [name, target, size] = [records.get('path'), records.get('linkpath'), Number(records.get('size'))];
  return {
    ...(name === undefined ? {} : { name }),
    ...(target === undefined ? {} : { target }),
    ...(Number.isSafeInteger(size) && size >= 0 ? { size } : {}),
  };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function noTar(path: string, block: Buffer, position: number): Error {
  if (position > 0) return archiveInvalid(path, `It is broken at byte ${position}.`);
  const isGzip = block[0] === 0x1f && block[1] === 0x8b;
  if (!isGzip) return archiveInvalid(path, 'It is not a tar archive.');
  return archiveInvalid(path, 'It is compressed with gzip.', 'Unpack it with `gunzip` first.');
}

function normalize(name: string): string {
  return posix.join('/', name).replace(/\/$/, '').slice(1);
}
