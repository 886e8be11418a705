import { crc32 } from 'node:zlib';
import { Deflate } from '../compression/deflate.js';
import type { LayerPart } from './layer-part.js';
import { readPart } from './read-part.js';

// Compressed apart from each other. Larger ones compress better, and are more to do again.
const blockSize = 256 * 1024;

/** A piece of a layer. Each buffer has its memory for itself. */
export interface PackedBlock {
  /** As it stands in the archive. */
  readonly plain: Buffer;
  /** As it stands in the compressed layer. */
  readonly packed: Buffer;
  /** The CRC-32 of what is plain. */
  readonly checksum: number;
}

/** Reads and compresses parts of layers. */
export class PartPacker {
  private readonly deflate = new Deflate();

  /** @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE */
  async pack(part: LayerPart): Promise<PackedBlock[]> {
    return (await readPart(part, blockSize)).map((plain) => this.packBlock(plain));
  }

  packBlock(plain: Buffer): PackedBlock {
    return { plain, packed: this.deflate.compress(plain), checksum: crc32(plain) };
  }
}
