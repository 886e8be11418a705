import { createHash, type Hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compress } from '@slipway/core';
import { isDigest, type Descriptor } from '@slipway/oci';
import { diskState, type DiskState } from './disk-state.js';
import type { FileNode } from './file-node.js';
import { filesChanged } from './files-error.js';
import { replaceFile } from './layer-listing.js';
import { layerEntries, writeLayer, type LayerEntry } from './write-layer.js';

/** A layer of an image. */
export interface Layer {
  /** What it holds; goes into `FileTree.with`. */
  readonly entries: readonly FileNode[];
  /** Digest of the uncompressed archive. */
  readonly diffId: string;
  readonly descriptor: Descriptor;
  /** The compressed layer, anew with each call, at level memory. Ends with CONTEXT_FILE_CHANGED where a file is not what it was. */
  content(): AsyncIterable<Buffer>;
}

export interface LayerOptions {
  /** Where digests, listings and unpacked contents are kept; absolute, made where it does not exist. */
  readonly cacheFolder: string;
  readonly signal?: AbortSignal | undefined;
}

type LayerDigests = Pick<Layer, 'diffId' | 'descriptor'>;

// Small layers stay in memory: what was compressed to compute the digest need not be compressed again to be sent.
const mostRetained = 8 * 1024 * 1024;

/**
 * Computes a layer's digests in one pass over its files; in none where the cache knows these very files. It knows them by what the system
 * says of each (size, inode, times in nanoseconds), and only where all were old enough when they were read that no change can hide.
 */
export async function makeLayer(nodes: readonly FileNode[], options: LayerOptions): Promise<Layer> {
  const { cacheFolder, signal } = options;
  const entries = layerEntries(nodes);
  const before = await diskState(nodes);
  const file = join(cacheFolder, 'layers', `${keyOf(entries, before)}.json`);
  let digests = await readDigests(file);
  let retained: readonly Buffer[] | undefined;
  if (digests === undefined) {
    ({ digests, retained } = await digestLayer(entries, signal));
    const after = await diskState(nodes);
    verifySame(nodes, before, after);
    if (before.settled) await replaceFile(file, JSON.stringify(digests));
  }
  async function* content(): AsyncGenerator<Buffer, void, undefined> {
    if (retained !== undefined) return yield* retained;
    yield* compress(writeLayer(entries, signal));
    verifySame(nodes, before, await diskState(nodes));
  }
  return { entries: nodes, ...digests, content };
}

function keyOf(entries: readonly LayerEntry[], state: DiskState): string {
  // Another zlib may compress to other bytes. The number goes up where a layer of the same files is written otherwise than before.
  const hash = createHash('sha256').update(`slipway layer 1, zlib ${process.versions.zlib}\n`);
  for (const { header, file } of entries) {
    hash.update(`${JSON.stringify(header)}\n`);
    if (file?.content?.kind === 'bytes') hash.update(file.content.bytes);
  }
  return hash.update(state.identities.join('\n')).digest('hex');
}

async function readDigests(file: string): Promise<LayerDigests | undefined> {
  try {
    const { diffId, descriptor } = JSON.parse(await readFile(file, 'utf8')) as LayerDigests;
    return isDigest(diffId) && isDigest(descriptor.digest) && descriptor.size > 0 ? { diffId, descriptor } : undefined;
  } catch {
    return undefined; // none, or a broken one: it is written anew
  }
}

async function digestLayer(
  entries: readonly LayerEntry[],
  signal?: AbortSignal,
): Promise<{ digests: LayerDigests; retained: readonly Buffer[] | undefined }> {
  const tarHash = createHash('sha256');
  const gzipHash = createHash('sha256');
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of compress(hashed(writeLayer(entries, signal), tarHash))) {
    gzipHash.update(chunk);
    size += chunk.length;
    if (size <= mostRetained) kept.push(chunk);
    else kept.length = 0;
  }
  const digest = `sha256:${gzipHash.digest('hex')}`;
  const descriptor = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size };
  const digests = { diffId: `sha256:${tarHash.digest('hex')}`, descriptor };
  return { digests, retained: size <= mostRetained ? kept : undefined };
}

async function* hashed(source: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

function verifySame(nodes: readonly FileNode[], before: DiskState, after: DiskState): void {
  const index = before.identities.findIndex((identity, position) => identity !== after.identities[position]);
  if (index < 0) return;
  const onDisk = nodes.filter(({ content }) => content?.kind === 'disk');
  throw filesChanged(onDisk[index]?.path ?? '');
}
