import type { Descriptor, ImageReference, Platform } from '@slipway/oci';

/** Content that is to be sent, unless it is there already. */
export interface Blob {
  readonly descriptor: Descriptor;
  /** Begins anew with each call. */
  content(): AsyncIterable<Buffer>;
  /** The image of a registry that has it too, for blobs of a base image. */
  readonly origin?: ImageReference;
}

/** A manifest or an index as it is written. */
export interface Document {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

/** The image of one platform, ready to be written anywhere. */
export interface Image {
  readonly platform: Platform;
  /** From the lowest up. */
  readonly layers: readonly Blob[];
  readonly config: Blob;
  readonly manifest: Document;
}
