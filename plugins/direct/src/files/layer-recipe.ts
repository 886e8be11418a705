import { gzipEnd, gzipHeader } from '@slipway/core';
import type { Descriptor } from '@slipway/oci';
import { combineCrc32 } from '../compression/combine-crc32.js';
import { changedPath, diskStates } from './disk-state.js';
import type { FileNode } from './file-node.js';
import { filesChanged } from './files-error.js';
import type { LayerCache, LayerDigests, StoredSegment } from './layer-cache.js';
import { layerEntries } from './layer-entries.js';
import { LayerMeasure } from './layer-measure.js';
import { layerKey, type LayerSegment, layerSegments } from './layer-segments.js';
import { packLayer } from './pack-layer.js';
import { BrokenLayer } from './stored-layers.js';

/**
 * How a layer is made of its files, and of what the cache has of them. The cache knows files by what the system says of each (inode, size,
 * times), and only where all were old enough when it was asked that no change can hide. What the layer is does not depend on the cache.
 */
export class LayerRecipe {
  private cut: Promise<readonly LayerSegment[]> | undefined;
  private isWritten = false;

  constructor(
    private readonly nodes: readonly FileNode[],
    private readonly cache: LayerCache,
    private readonly signal?: AbortSignal,
  ) {}

  /** @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE */
  async digests(): Promise<LayerDigests> {
    const segments = await this.segments();
    const key = layerKey(segments);
    const known = key === undefined ? undefined : await this.cache.digests(key);
    if (known !== undefined) return known;
    const keys = segments.flatMap((segment) => segment.key ?? []);
    try {
      return await this.make(key, await this.cache.segments(new Set(keys)));
    } catch (error) {
      if (!(error instanceof BrokenLayer)) throw error;
      await this.cache.remove(error.digest);
      return this.make(key);
    }
  }

  /**
   * @param descriptor that of `digests`
   * @throws SlipwayError CONTEXT_FILE_CHANGED also where the files hold no more what the digests were computed of
   */
  async *content(descriptor: Descriptor): AsyncGenerator<Buffer, void, undefined> {
    if (this.isWritten || (await this.cache.verify(descriptor))) {
      const file = await this.cache.open(descriptor);
      if (file !== undefined) return yield* this.cache.read(file);
    }
    const measure = new LayerMeasure();
    yield* this.stream(measure);
    if (measure.digests().descriptor.digest !== descriptor.digest) throw filesChanged(changedPath(this.nodes));
  }

  private segments(): Promise<readonly LayerSegment[]> {
    return (this.cut ??= diskStates(this.nodes).then((stateOf) => layerSegments(layerEntries(this.nodes), stateOf)));
  }

  private async make(key: string | undefined, stored?: ReadonlyMap<string, StoredSegment>): Promise<LayerDigests> {
    const measure = new LayerMeasure();
    const file = await this.cache.begin();
    try {
      for await (const bytes of this.stream(measure, stored)) await file?.write(bytes);
    } catch (error) {
      await file?.discard();
      throw error;
    }
    const digests = measure.digests();
    if (file !== undefined) this.isWritten = await this.cache.keep(file, key, digests, measure.segments);
    return digests;
  }

  /** The compressed layer: one gzip member of independent pieces. */
  private async *stream(
    measure: LayerMeasure,
    stored: ReadonlyMap<string, StoredSegment> = new Map(),
  ): AsyncGenerator<Buffer, void, undefined> {
    let checksum = 0;
    let size = 0;
    yield measure.compressed(gzipHeader);
    for await (const block of packLayer(await this.segments(), this.cache, stored, this.signal)) {
      checksum = combineCrc32(checksum, block.checksum, block.plain.length);
      size += block.plain.length;
      yield measure.block(block);
    }
    yield measure.compressed(gzipEnd(checksum, size));
  }
}
