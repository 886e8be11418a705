import type { FileState } from '@slipway/core';
import type { ContentSource, Descriptor } from '@slipway/oci';

/** A file, directory or symlink of an image, and where its content is. */
export interface FileNode {
  /** From the root of the image, without a leading slash. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  /** The lowest 12 bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In bytes; 0 for all but files. */
  readonly size: number;
  /** Of a symlink, as it stands in the link. */
  readonly target?: string | undefined;
  /** Of a file. */
  readonly content?: FileContent | undefined;
  /** The same text for the names of one file that has several (hard links); undefined where it has one. */
  readonly inode?: string | undefined;
}

export type FileContent = DiskContent | BytesContent | BlobContent;

/** Content in a file of this machine. */
export interface DiskContent {
  readonly kind: 'disk';
  /** An absolute path. */
  readonly root: string;
  /** Relative to the root; errors name it. */
  readonly path: string;
  /** Where in the file it begins, in bytes. */
  readonly offset: number;
  /** What the system said of the file when it was found, where that is known. */
  readonly state?: FileState | undefined;
}

export interface BytesContent {
  readonly kind: 'bytes';
  readonly bytes: Buffer;
}

/** Content within a layer of an image, which nobody has fetched yet. */
export interface BlobContent {
  readonly kind: 'blob';
  readonly source: ContentSource;
  readonly layer: Descriptor;
  /** Where in the uncompressed layer it begins, in bytes. */
  readonly offset: number;
}
