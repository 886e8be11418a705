import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContentSource, type Descriptor, isDigestOf } from '@slipway/oci';
import { replaceFile } from './layer-listing.js';
import { markUsed } from './mark-used.js';

/**
 * The content of a blob that is small, such as a configuration. The cache folder is believed where what it holds has the blob's digest;
 * else the source is asked.
 */
export async function cachedBlob(
  source: ContentSource,
  blob: Descriptor,
  cacheFolder: string,
  signal?: AbortSignal,
): Promise<Buffer> {
  const file = join(cacheFolder, 'blobs', blob.digest.replace(':', '-'));
  const cached = await readFile(file).catch(() => undefined);
  if (cached !== undefined && isDigestOf(blob.digest, cached)) {
    await markUsed(file);
    return cached;
  }
  const chunks: Buffer[] = [];
  for await (const chunk of source.blob(blob, { signal })) chunks.push(chunk);
  const content = Buffer.concat(chunks);
  // Where nothing can be kept, the next build asks again.
  await replaceFile(file, content).catch(() => undefined);
  return content;
}
