import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { decompressAny } from './decompress.js';
import type { BlobContent, DiskContent, FileNode } from './file-node.js';
import { cacheUnwritable, layerBroken } from './files-error.js';
import { markUsed } from './mark-used.js';

/**
 * Fetches the content of files that still lies in layers: each layer is read once, from its beginning to the last file wanted, and what is
 * wanted of it put into one file of the cache folder, where the next build finds it.
 */
export async function fetchContents(
  nodes: readonly FileNode[],
  cacheFolder: string,
  signal?: AbortSignal,
): Promise<readonly FileNode[]> {
  const byLayer = new Map<string, { node: FileNode; content: BlobContent }[]>();
  for (const node of nodes) {
    if (node.content?.kind !== 'blob') continue;
    const digest = node.content.layer.digest;
    byLayer.set(digest, [...(byLayer.get(digest) ?? []), { node, content: node.content }]);
  }
  if (byLayer.size === 0) return nodes;
  const fetched = new Map<string, DiskContent>();
  for (const [digest, wanted] of byLayer) {
    for (const [offset, content] of await fetchFromLayer(wanted, cacheFolder, signal)) {
      fetched.set(`${digest}:${offset}`, content);
    }
  }
  return nodes.map((node) => {
    if (node.content?.kind !== 'blob') return node;
    const content = fetched.get(`${node.content.layer.digest}:${node.content.offset}`);
    return content === undefined ? node : { ...node, content };
  });
}

async function fetchFromLayer(
  wanted: readonly { readonly node: FileNode; readonly content: BlobContent }[],
  cacheFolder: string,
  signal?: AbortSignal,
): Promise<Map<number, DiskContent>> {
  const first = wanted[0];
  if (first === undefined) return new Map();
  const { source, layer } = first.content;
  const sizes = new Map(wanted.map(({ node, content }) => [content.offset, node.size]));
  const ranges = [...sizes].sort(([a], [b]) => a - b);
  const name = createHash('sha256')
    .update(JSON.stringify([layer.digest, ranges]))
    .digest('hex');
  const total = ranges.reduce((sum, [, size]) => sum + size, 0);
  const spool = join(cacheFolder, 'contents', name);
  await markUsed(spool); // before the look at it: from now on nobody removes it
  if ((await sizeOf(spool)) !== total) {
    const archive = (): AsyncIterable<Buffer> => decompressAny(source.blob(layer, { signal }));
    try {
      await writeSpool(cacheFolder, name, cut(archive(), ranges, layer.digest));
    } catch (error) {
      signal?.throwIfAborted();
      throw SlipwayError.is(error) || isSystemError(error) ? error : layerBroken(layer.digest, error);
    }
  }
  let offset = 0;
  const contents = new Map<number, DiskContent>();
  for (const [start, size] of ranges) {
    contents.set(start, spooled(join(cacheFolder, 'contents'), name, offset));
    offset += size;
  }
  return contents;
}

/** The given ranges of a stream, which do not overlap. It is read to its end: only there is its digest known to be right. */
async function* cut(
  source: AsyncIterable<Buffer>,
  ranges: readonly (readonly [start: number, size: number])[],
  digest: string,
): AsyncGenerator<Buffer, void, undefined> {
  let position = 0;
  let index = 0;
  for await (const chunk of source) {
    const end = position + chunk.length;
    for (let range = ranges[index]; range !== undefined && range[0] < end; range = ranges[index]) {
      const [start, size] = range;
      const from = Math.max(start, position);
      const to = Math.min(start + size, end);
      if (to > from) yield chunk.subarray(from - position, to - position);
      if (start + size > end) break;
      index++;
    }
    position = end;
  }
  const missing = ranges.slice(index).some(([start, size]) => start + size > position);
  if (missing) throw layerBroken(digest, new Error('It ends too early.'));
}

/**
 * Writes a stream to a file of the cache folder, which appears under its name only when it is whole.
 * @param name undefined names it by the digest of what is written
 * @throws SlipwayError CACHE_UNWRITABLE, and what the stream throws
 */
export async function writeSpool(
  cacheFolder: string,
  name: string | undefined,
  content: AsyncIterable<Buffer>,
): Promise<DiskContent> {
  const root = join(cacheFolder, 'contents');
  const failed = (error: unknown): never => {
    throw cacheUnwritable(cacheFolder, error);
  };
  await mkdir(root, { recursive: true }).catch(failed);
  const temporary = join(root, `.${randomUUID()}`);
  const hash = createHash('sha256');
  try {
    const file = await open(temporary, 'wx', 0o600).catch(failed);
    try {
      for await (const chunk of content) {
        hash.update(chunk);
        for (let written = 0; written < chunk.length;) {
          written += (await file.write(chunk, written).catch(failed)).bytesWritten;
        }
      }
    } finally {
      await file.close();
    }
    const path = name ?? hash.digest('hex');
    // What is there already is the same; replacing it would look like a change to whoever reads it at this moment.
    await markUsed(join(root, path));
    if ((await sizeOf(join(root, path))) !== (await sizeOf(temporary))) await rename(temporary, join(root, path));
    return spooled(root, path, 0);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** What lies there never changes, as its name stands for its content. */
function spooled(root: string, path: string, offset: number): DiskContent {
  return { kind: 'disk', root, path, offset, state: { identity: path, settled: true } };
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch {
    return undefined;
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
