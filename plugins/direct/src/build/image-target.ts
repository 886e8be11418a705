import type { ContentTarget } from '@slipway/oci';
import type { HomeRegistry } from './base-images.js';

/** One repository, or the one layout, and what the image is called there. */
export interface Destination {
  readonly content: ContentTarget;
  /** As `ContentTarget.writeManifest` takes them. */
  readonly tags: readonly string[];
  /** Undefined for a layout. */
  readonly repository?: string;
}

/** Where the image goes. */
export interface ImageTarget {
  /** For people, what writing there is called. */
  readonly title: string;
  /** Whole, in the order of the request. */
  readonly tags: readonly string[];
  /** The registry that it is; undefined for a layout. */
  readonly home: HomeRegistry | undefined;
  /** Makes a place for the image where there is none. */
  open(): Promise<readonly Destination[]>;
  /** What a person, or a tool, calls the image. */
  reference(tag: string, digest: string): string;
  close(): void;
}
