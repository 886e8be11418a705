import type { StackComponent } from './stack-component.js';

/** A place for files, by key. Injected under the symbol of the same name. */
export interface ArtifactStore extends StackComponent {
  /** Where the store is, e.g. `s3://bucket/prefix`, without trailing slash. */
  readonly uri: string;
  /** True where the store is on this machine, so that nothing in a cluster can read it. */
  readonly isLocal: boolean;
  /**
   * Writes one object from a stream, at level memory; an object of that key is replaced, and nothing is left where it fails.
   * @param key relative, segments separated by `/`
   * @returns the object's full address, e.g. `s3://bucket/prefix/key`
   */
  put(key: string, content: AsyncIterable<Uint8Array>, options?: { signal?: AbortSignal }): Promise<string>;
  /** Removes an object; one that is not there is no error. */
  delete(key: string): Promise<void>;
}
export const ArtifactStore = Symbol.for('@slipway/core/ArtifactStore');
