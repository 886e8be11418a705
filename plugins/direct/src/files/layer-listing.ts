import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { SlipwayError } from '@slipway/core';
import type { ContentSource, Descriptor } from '@slipway/oci';
import { decompressAny } from './decompress.js';
import { layerBroken } from './files-error.js';
import { markUsed } from './mark-used.js';
import { readArchive, type ArchiveEntry } from './read-archive.js';

const version = 1;
// Names of users are looked up in these: with the listing comes what is needed for that, so that no rebuild reads the layer for them.
const keptFiles = new Set(['etc/passwd', 'etc/group']);
const largestKept = 1024 * 1024;

/**
 * The entries of a layer. Its bytes are read, once, where the cache folder has no listing under the layer's digest.
 * @throws SlipwayError LAYER_BROKEN, and what the source throws
 */
export async function listLayer(
  source: ContentSource,
  layer: Descriptor,
  cacheFolder: string,
  signal?: AbortSignal,
): Promise<readonly ArchiveEntry[]> {
  const file = join(cacheFolder, 'listings', `${layer.digest.replace(':', '-')}.json.gz`);
  const cached = await readListing(file);
  if (cached !== undefined) {
    await markUsed(file);
    return cached;
  }
  const entries: ArchiveEntry[] = [];
  try {
    const archive = decompressAny(source.blob(layer, { signal }));
    const kept = (path: string, size: number): boolean => keptFiles.has(path) && size <= largestKept;
    for await (const entry of readArchive(archive, kept)) entries.push(entry);
  } catch (error) {
    signal?.throwIfAborted();
    throw SlipwayError.is(error) ? error : layerBroken(layer.digest, error);
  }
  // Where nothing can be kept, the next build reads the layer again.
  await replaceFile(file, await promisify(gzip)(JSON.stringify({ version, entries }))).catch(() => undefined);
  return entries;
}

/** Undefined where there is none that can be used: it is made again then. */
async function readListing(file: string): Promise<readonly ArchiveEntry[] | undefined> {
  try {
    const text = await promisify(gunzip)(await readFile(file));
    const listing = JSON.parse(text.toString()) as { version?: unknown; entries: readonly ArchiveEntry[] };
    return listing.version === version ? listing.entries : undefined;
  } catch {
    return undefined;
  }
}

/** Writes a file of the cache so that no reader ever sees half of it. */
export async function replaceFile(file: string, content: Buffer | string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}`;
  try {
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
