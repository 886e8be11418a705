import { randomBytes } from 'node:crypto';

import { digestOf, type Repository } from '@slipway/oci';

export interface Blob {
  readonly bytes: Buffer;
  readonly descriptor: { readonly mediaType: string; readonly digest: string; readonly size: number };
}

export function blobOf(bytes: Buffer): Blob {
  return { bytes, descriptor: { mediaType: 'application/octet-stream', digest: digestOf(bytes), size: bytes.length } };
}

export const smallBlob = blobOf(Buffer.from('small'));
/** Too large to be sent in one request that also ends the upload. */
export const largeBlob = blobOf(randomBytes(3 * 1024 * 1024));

/** As many bytes, one of them another. */
export function altered(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(1) ^ 1, 1);
  return copy;
}

/** The bytes in pieces, as from a file. */
export async function* inPieces(bytes: Buffer, length = 64 * 1024): AsyncGenerator<Buffer, void, undefined> {
  for (let start = 0; start < bytes.length; start += length) {
    yield await Promise.resolve(bytes.subarray(start, start + length));
  }
}

export async function readBlob(repository: Repository, { descriptor }: Blob): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of repository.blob(descriptor)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
