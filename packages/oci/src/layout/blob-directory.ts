import { errorCode } from '@slipway/core';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { ContentMeter, verifiedContent } from '../content/content-meter.js';
import type { Descriptor } from '../content/descriptor.js';
import { partialPath, removeAbandoned } from '../files/partial-file.js';
import { isDigest } from '../reference/digest.js';
import { contentMismatch, layoutInvalid, layoutUnwritable } from './layout-problem.js';

const chunkSize = 256 * 1024;
/** With the dot after it, the name of what is being written: nothing that a tool would take for an algorithm. */
const hidden = '';

/** The folder `blobs` of a layout. What lies there under a digest is whole: it gets its name in the end. */
export class BlobDirectory {
  readonly #directory: string;

  /** @param directory of the layout */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Makes the folder, and takes away what killed writers left in it. */
  async create(): Promise<void> {
    await mkdir(join(this.#directory, 'blobs', 'sha256'), { recursive: true });
    await removeAbandoned(join(this.#directory, 'blobs'), hidden);
  }

  /** In bytes; undefined where the blob is not there. */
  async sizeOf(digest: string): Promise<number | undefined> {
    try {
      return (await stat(this.#path(digest))).size;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw this.#unreadable(digest, error);
    }
  }

  /** Checks size and digest on the way. @throws SlipwayError `LAYOUT_INVALID` */
  async *read(descriptor: Descriptor, signal: AbortSignal | undefined): AsyncGenerator<Buffer, void, undefined> {
    signal?.throwIfAborted();
    const size = await this.sizeOf(descriptor.digest);
    if (size === undefined) throw layoutInvalid(this.#directory, `The blob ${descriptor.digest} is missing.`);
    const chunks = this.#chunks(descriptor.digest, signal);
    yield* verifiedContent(descriptor, chunks, (reason) => layoutInvalid(this.#directory, reason));
  }

  /**
   * Writes a blob under its digest, or not at all.
   *
   * @param expected what the content has to be
   * @throws SlipwayError `CONTENT_MISMATCH`, `LAYOUT_UNWRITABLE`, and what the content throws
   */
  async write(
    content: AsyncIterable<Buffer>,
    expected: Descriptor | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ digest: string; size: number }> {
    signal?.throwIfAborted();
    const temporary = await partialPath(join(this.#directory, 'blobs'), hidden);
    try {
      const meter = new ContentMeter(expected?.digest.split(':')[0]);
      const checked = expected === undefined ? content : verifiedContent(expected, content, contentMismatch);
      await this.#fill(temporary, checked, expected === undefined ? meter : undefined, signal);
      const { digest, size } = expected ?? { digest: meter.digest(), size: meter.size };
      await this.#writing(async () => {
        await mkdir(dirname(this.#path(digest)), { recursive: true });
        await rename(temporary, this.#path(digest));
      });
      return { digest, size };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #fill(
    path: string,
    content: AsyncIterable<Buffer>,
    meter: ContentMeter | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const file = await this.#writing(() => open(path, 'wx'));
    try {
      for await (const chunk of content) {
        signal?.throwIfAborted();
        meter?.add(chunk);
        await this.#writing(() => file.writeFile(chunk));
      }
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
    // A disk of the network may say only now that it is full.
    await this.#writing(() => file.close());
  }

  async *#chunks(digest: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer, void, undefined> {
    const stream = createReadStream(this.#path(digest), { highWaterMark: chunkSize });
    try {
      for await (const chunk of stream) {
        signal?.throwIfAborted();
        yield chunk as Buffer;
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#unreadable(digest, error);
    }
  }

  /** Tells what goes wrong with the disk from what goes wrong where the content comes from. */
  async #writing<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw layoutUnwritable(this.#directory, error);
    }
  }

  #unreadable(digest: string, cause: unknown): Error {
    return layoutInvalid(this.#directory, `The blob ${digest} cannot be read.`, cause);
  }

  #path(digest: string): string {
    // Anything else could lead out of the folder.
    if (!isDigest(digest)) throw new Error(`'${digest}' is not a digest.`);
    return join(this.#directory, 'blobs', ...digest.split(':'));
  }
}
