import { createHash } from 'node:crypto';
import type { LayerDigests, StoredBlock, StoredSegment } from './layer-cache.js';
import type { LayerBlock } from './pack-layer.js';

const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** What is to be known of a layer, taken from its bytes as they pass. */
export class LayerMeasure {
  private readonly plain = createHash('sha256');
  private readonly packed = createHash('sha256');
  private size = 0;
  private last:
    { readonly key: string | undefined; readonly offset: number; readonly blocks: StoredBlock[] } | undefined;
  private readonly stored: Omit<StoredSegment, 'layer'>[] = [];
  private result: LayerDigests | undefined;

  /** @returns the bytes */
  compressed(bytes: Buffer): Buffer {
    this.packed.update(bytes);
    this.size += bytes.length;
    return bytes;
  }

  /** @returns the block as it is compressed */
  block({ segment, plain, packed, checksum }: LayerBlock): Buffer {
    this.plain.update(plain);
    if (segment?.key !== undefined) {
      if (this.last?.key !== segment.key) {
        this.last = { key: segment.key, offset: this.size, blocks: [] };
        this.stored.push({ ...this.last, key: segment.key });
      }
      this.last.blocks.push([packed.length, plain.length, checksum]);
    }
    return this.compressed(packed);
  }

  /** The segments that passed and that may be used again. */
  get segments(): readonly Omit<StoredSegment, 'layer'>[] {
    return this.stored;
  }

  /** At the end of the layer. */
  digests(): LayerDigests {
    this.result ??= {
      diffId: `sha256:${this.plain.digest('hex')}`,
      descriptor: { mediaType, digest: `sha256:${this.packed.digest('hex')}`, size: this.size },
    };
    return this.result;
  }
}
