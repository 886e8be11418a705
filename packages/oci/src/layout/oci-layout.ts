import { errorCode } from '@slipway/core';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';

import type { ContentOptions, ContentSource, ContentTarget, Manifest } from '../content/content.js';
import type { Descriptor } from '../content/descriptor.js';
import { isRecord, manifestMediaType, maximumManifestSize, parseJson } from '../content/parse-manifest.js';
import { partialPath, removeAbandoned } from '../files/partial-file.js';
import { digestOf, isDigest } from '../reference/digest.js';
import { BlobDirectory } from './blob-directory.js';
import { LayoutIndex, referenceName } from './layout-index.js';
import { layoutInvalid, layoutNotFound, layoutUnwritable } from './layout-problem.js';

const versionFile = 'oci-layout';
const layoutVersion = { imageLayoutVersion: '1.0.0' };

/**
 * A folder of images: an OCI image layout. Any number of processes may write to it at once.
 *
 * Methods throw SlipwayError `LAYOUT_INVALID` for what is missing or is not what its digest promises, and `LAYOUT_UNWRITABLE`.
 */
export class OciLayout implements ContentSource, ContentTarget {
  /** Absolute path. */
  readonly directory: string;
  readonly #index: LayoutIndex;
  readonly #blobs: BlobDirectory;

  private constructor(directory: string) {
    this.directory = directory;
    this.#index = new LayoutIndex(directory);
    this.#blobs = new BlobDirectory(directory);
  }

  /** @throws SlipwayError `LAYOUT_NOT_FOUND`, `LAYOUT_INVALID` */
  static async open(directory: string): Promise<OciLayout> {
    const layout = new OciLayout(resolve(directory));
    await checkVersion(layout.directory);
    await layout.descriptors();
    return layout;
  }

  /**
   * Opens the layout to write to it: makes what is missing of it first, and removes what writers left half done who were killed.
   *
   * @throws SlipwayError `LAYOUT_UNWRITABLE`, `LAYOUT_INVALID`
   */
  static async create(directory: string): Promise<OciLayout> {
    const layout = new OciLayout(resolve(directory));
    try {
      await layout.#blobs.create();
      await writeVersion(layout.directory);
    } catch (error) {
      throw layoutUnwritable(layout.directory, error);
    }
    await layout.#index.create();
    return OciLayout.open(directory);
  }

  /** What `index.json` has now, each with its tag as the annotation `org.opencontainers.image.ref.name` where it has one. */
  descriptors(): Promise<readonly Descriptor[]> {
    return this.#index.descriptors();
  }

  /** @param reference a tag; or a digest, also of what only an index of this layout points to */
  async manifest(reference: string, options: ContentOptions = {}): Promise<Manifest | undefined> {
    options.signal?.throwIfAborted();
    const entry = await this.#entry(reference);
    if (entry === undefined && !isDigest(reference)) return undefined;
    const digest = entry?.digest ?? reference;
    const size = entry?.size ?? (await this.#blobs.sizeOf(digest));
    if (size === undefined) return undefined;
    if (size > maximumManifestSize) throw this.#noManifest(digest);
    const chunks: Buffer[] = [];
    const described = { mediaType: entry?.mediaType ?? '', digest, size };
    for await (const chunk of this.#blobs.read(described, options.signal)) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const mediaType = entry?.mediaType ?? manifestMediaType(bytes);
    if (mediaType === undefined) throw this.#noManifest(digest);
    return { descriptor: { mediaType, digest, size }, bytes };
  }

  blob(descriptor: Descriptor, options: ContentOptions = {}): AsyncIterable<Buffer> {
    return this.#blobs.read(descriptor, options.signal);
  }

  async hasBlob(descriptor: Descriptor): Promise<boolean> {
    return (await this.#blobs.sizeOf(descriptor.digest)) === descriptor.size;
  }

  /** @throws SlipwayError `CONTENT_MISMATCH`; and what the content throws */
  async writeBlob(
    descriptor: Descriptor,
    content: () => AsyncIterable<Buffer>,
    options: ContentOptions = {},
  ): Promise<void> {
    if (await this.hasBlob(descriptor)) return;
    await this.#blobs.write(content(), descriptor, options.signal);
  }

  async streamBlob(
    mediaType: string,
    content: AsyncIterable<Buffer>,
    options: ContentOptions = {},
  ): Promise<Descriptor> {
    return { mediaType, ...(await this.#blobs.write(content, undefined, options.signal)) };
  }

  /** A layout has one place for all blobs, so there is nothing to take over. */
  mountBlob(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** Without a tag only its digest finds it again, as it should be for what an index points to: `descriptors` does not list it. */
  async writeManifest(
    mediaType: string,
    bytes: Buffer,
    tags: readonly string[],
    options: ContentOptions = {},
  ): Promise<Descriptor> {
    const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
    await this.writeBlob(descriptor, () => Readable.from([bytes]), options);
    if (tags.length > 0) await this.#index.tag(descriptor, tags);
    return descriptor;
  }

  async #entry(reference: string): Promise<Descriptor | undefined> {
    const descriptors = await this.descriptors();
    if (isDigest(reference)) return descriptors.find(({ digest }) => digest === reference);
    const tagged = descriptors.filter(({ annotations }) => annotations?.[referenceName] === reference);
    if (new Set(tagged.map(({ digest }) => digest)).size < 2) return tagged[0];
    throw layoutInvalid(this.directory, `It has several images with the tag '${reference}': name one by its digest.`);
  }

  #noManifest(digest: string): Error {
    return layoutInvalid(this.directory, `${digest} is neither the manifest of an image nor an index.`);
  }
}

async function checkVersion(directory: string): Promise<void> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(directory, versionFile));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw layoutInvalid(directory, 'Its file oci-layout cannot be read.', error);
    const isThere = await stat(directory).then(
      () => true,
      () => false,
    );
    throw isThere ? layoutInvalid(directory, 'It has no file oci-layout.') : layoutNotFound(directory);
  }
  const content = parseJson(bytes);
  const version = isRecord(content) ? content['imageLayoutVersion'] : undefined;
  if (typeof version !== 'string') throw layoutInvalid(directory, 'Its file oci-layout names no imageLayoutVersion.');
  if (!version.startsWith('1.')) throw layoutInvalid(directory, `Layouts of version '${version}' are not known.`);
}

/** In one step, as others may read it meanwhile. */
async function writeVersion(directory: string): Promise<void> {
  const path = join(directory, versionFile);
  await removeAbandoned(directory, versionFile);
  const temporary = await partialPath(directory, versionFile);
  try {
    await writeFile(temporary, JSON.stringify(layoutVersion), { flag: 'wx' });
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (!isThere) await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
