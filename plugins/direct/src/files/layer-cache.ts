import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Descriptor, isDigest } from '@slipway/oci';
import { fileStates } from './file-states.js';
import { markUsed } from './mark-used.js';
import { replaceFile } from './layer-listing.js';

const version = 2;
const chunkSize = 1024 * 1024;
const mostRecords = 16;

/** The uncompressed and the compressed digest of a layer. */
export interface LayerDigests {
  /** Digest of the uncompressed archive. */
  readonly diffId: string;
  readonly descriptor: Descriptor;
}

/** One piece of a compressed layer: its compressed length, its length, and the CRC-32 of what it holds. */
export type StoredBlock = readonly [compressed: number, length: number, checksum: number];

/** A segment as it lies in a compressed layer of the cache. */
export interface StoredSegment {
  readonly key: string;
  /** Digest of the compressed layer. */
  readonly layer: string;
  /** In bytes, from the beginning of the compressed layer. */
  readonly offset: number;
  readonly blocks: readonly StoredBlock[];
}

interface LayerRecord extends LayerDigests {
  readonly version: number;
  readonly segments: readonly Omit<StoredSegment, 'layer'>[];
}

/**
 * Compressed layers, each in a file named by its digest, and records of how they are put together, each named by what the layer was made
 * from. Any file may vanish at any time, or be broken: then a layer is made without it.
 */
export class LayerCache {
  private readonly folder: string;

  /** @param cacheFolder absolute */
  constructor(cacheFolder: string) {
    this.folder = join(cacheFolder, 'layers');
  }

  /** The digests of the layer that was made from what the key stands for. */
  async digests(key: string): Promise<LayerDigests | undefined> {
    const record = await this.record(`${key}.json`);
    if (record === undefined) return undefined;
    await markUsed(join(this.folder, `${key}.json`));
    return { diffId: record.diffId, descriptor: record.descriptor };
  }

  /** Where segments of earlier layers lie. */
  async segments(keys: ReadonlySet<string>): Promise<Map<string, StoredSegment>> {
    const found = new Map<string, StoredSegment>();
    if (keys.size === 0) return found;
    for (const name of this.recordNames().slice(0, mostRecords)) {
      const record = await this.record(name);
      const layer = record?.descriptor.digest ?? '';
      for (const segment of record?.segments ?? []) {
        if (keys.has(segment.key) && !found.has(segment.key)) found.set(segment.key, { ...segment, layer });
      }
      if (found.size === keys.size) break;
    }
    return found;
  }

  /** Opens a compressed layer; undefined where it is not there, or not whole. */
  async open({ digest, size }: Pick<Descriptor, 'digest' | 'size'>): Promise<FileHandle | undefined> {
    const name = fileName(digest);
    const file = await open(join(this.folder, name), 'r').catch(() => undefined);
    if (file === undefined) return undefined;
    if ((await file.stat()).size === size) {
      await markUsed(join(this.folder, name));
      return file;
    }
    await file.close();
    return undefined;
  }

  /** Opens a compressed layer to read segments of it; fails where it is not there. */
  openForSegments(digest: string): Promise<FileHandle> {
    return open(join(this.folder, fileName(digest)), 'r');
  }

  /** The content of an opened layer, which is closed in the end. */
  async *read(file: FileHandle): AsyncGenerator<Buffer, void, undefined> {
    const stream = createReadStream('', { fd: file, start: 0, highWaterMark: chunkSize });
    for await (const chunk of stream) yield chunk as Buffer;
  }

  /** A file to write a compressed layer to while its digest is not known; undefined where the folder cannot be written to. */
  async begin(): Promise<LayerFile | undefined> {
    const path = join(this.folder, `${randomUUID()}.part`);
    try {
      await mkdir(this.folder, { recursive: true });
      return new LayerFile(path, await open(path, 'wx', 0o600));
    } catch {
      return undefined;
    }
  }

  /**
   * Takes over what was written, with the record of it.
   * @param key undefined where nothing stands for what the layer was made from
   * @returns whether it is there now
   */
  async keep(
    file: LayerFile,
    key: string | undefined,
    digests: LayerDigests,
    segments: readonly Omit<StoredSegment, 'layer'>[],
  ): Promise<boolean> {
    if (!(await file.end())) return false;
    const name = fileName(digests.descriptor.digest);
    try {
      await rename(file.path, join(this.folder, name));
      const record: LayerRecord = { version, ...digests, segments };
      await replaceFile(join(this.folder, `${key ?? name}.json`), JSON.stringify(record));
      return true;
    } catch {
      await rm(file.path, { force: true });
      return false;
    }
  }

  /** Whether the compressed layer is there and is what its digest says; one that is not is removed. */
  async verify(descriptor: Pick<Descriptor, 'digest' | 'size'>): Promise<boolean> {
    const file = await this.open(descriptor);
    if (file === undefined) return false;
    const hash = createHash('sha256');
    for await (const chunk of this.read(file)) hash.update(chunk);
    const isRight = `sha256:${hash.digest('hex')}` === descriptor.digest;
    if (!isRight) await this.remove(descriptor.digest);
    return isRight;
  }

  /** Forgets a layer that turned out to be broken. */
  async remove(digest: string): Promise<void> {
    await rm(join(this.folder, fileName(digest)), { force: true });
  }

  private async record(name: string): Promise<LayerRecord | undefined> {
    try {
      const record = JSON.parse(await readFile(join(this.folder, name), 'utf8')) as LayerRecord;
      const { diffId, descriptor } = record;
      const whole = isDigest(diffId) && isDigest(descriptor.digest) && descriptor.size > 0;
      return record.version === version && whole ? record : undefined;
    } catch {
      return undefined; // none, or a broken one: it is written anew
    }
  }

  /** The latest used first. */
  private recordNames(): string[] {
    return fileStates(this.folder, '.json')
      .sort((one, other) => other.mtimeMs - one.mtimeMs)
      .map(({ name }) => name);
  }
}

function fileName(digest: string): string {
  return digest.replace(/^sha256:/, '');
}

/** A compressed layer while it is written. A full disk ends the writing, not the build. */
export class LayerFile {
  private writing: Promise<boolean> = Promise.resolve(true);

  constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** Returns when what was written before is on its way out: memory stays level. */
  async write(bytes: Buffer): Promise<void> {
    if (await this.writing) this.writing = this.writeAll(bytes);
  }

  /** @returns whether all was written */
  async end(): Promise<boolean> {
    const written = await this.writing;
    await this.file.close();
    if (!written) await rm(this.path, { force: true });
    return written;
  }

  /** Ends the writing for good; what was written goes. */
  async discard(): Promise<void> {
    await this.writing;
    await this.file.close();
    await rm(this.path, { force: true });
  }

  private async writeAll(bytes: Buffer): Promise<boolean> {
    try {
      for (let done = 0; done < bytes.length;) done += (await this.file.write(bytes, done)).bytesWritten;
      return true;
    } catch {
      return false;
    }
  }
}
