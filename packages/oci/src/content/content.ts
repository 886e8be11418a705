import type { Descriptor } from './descriptor.js';

export interface ContentOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface BlobOptions extends ContentOptions {
  /** True where the target has just said that it lacks the blob, so that it is not asked again. */
  readonly isMissing?: boolean | undefined;
}

/** A manifest or an index, as its bytes: they are what its digest speaks of. */
export interface Manifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** A place to read images from: a repository of a registry, an OCI layout, an archive. */
export interface ContentSource {
  /** @param reference a tag or a digest; undefined where there is none. Its bytes are checked against the digest. */
  manifest(reference: string, options?: ContentOptions): Promise<Manifest | undefined>;
  /**
   * A blob's content, at level memory. Size and digest are checked while it is read: a stream that ends without an error is what the
   * descriptor promised.
   */
  blob(descriptor: Descriptor, options?: ContentOptions): AsyncIterable<Buffer>;
}

/** A place to write images to. */
export interface ContentTarget {
  hasBlob(descriptor: Descriptor, options?: ContentOptions): Promise<boolean>;
  /**
   * Writes a blob and checks it. One that is there already is not written again.
   * @param content starts the content anew each time it is called: a broken transfer may need it again
   */
  writeBlob(descriptor: Descriptor, content: () => AsyncIterable<Buffer>, options?: BlobOptions): Promise<void>;
  /**
   * Writes a blob whose digest is known only when it is written, in one pass.
   * @returns its descriptor
   */
  streamBlob(mediaType: string, content: AsyncIterable<Buffer>, options?: ContentOptions): Promise<Descriptor>;
  /** Takes a blob over from another repository of the same registry without moving it; false where that cannot be. */
  mountBlob(descriptor: Descriptor, fromRepository: string, options?: ContentOptions): Promise<boolean>;
  /**
   * Writes a manifest or an index, under its digest and under each of the tags. What it points to is there already.
   * @returns its descriptor
   */
  writeManifest(
    mediaType: string,
    bytes: Buffer,
    tags: readonly string[],
    options?: ContentOptions,
  ): Promise<Descriptor>;
}
