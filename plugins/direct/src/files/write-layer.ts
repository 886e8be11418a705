import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  ChunkBuilder,
  ContextFile,
  encodeTarEntryHeader,
  paddingOf,
  ReadAhead,
  type ContextEntry,
  type TarEntryHeader,
} from '@slipway/core';
import type { DiskContent, FileNode } from './file-node.js';
import { sortByPath } from './image-path.js';

const chunkSize = 256 * 1024;
const smallFileSize = 64 * 1024;
const endOfArchive = 1024;

/** One entry of a layer as it is written: its header, and where the content comes from. */
export interface LayerEntry {
  readonly header: TarEntryHeader;
  /** None for a second name of a file that the layer has already. */
  readonly file: FileNode | undefined;
}

/**
 * What is written for a set of files. Sorted by bytes, so that it does not depend on the order on disk or of the instruction's sources, and
 * a directory comes before what is in it. The first name of a file with several holds its content, the others are hard links to it. Times
 * are the fixed one of the build context: a layer is the same whenever and wherever it is made, and no builder's comparison looks at them.
 */
export function layerEntries(nodes: readonly FileNode[]): LayerEntry[] {
  const firstNames = new Map<string, string>();
  return sortByPath(nodes).map((node) => {
    const { path, kind, mode, uid, gid, size, target, inode } = node;
    const first = inode === undefined ? undefined : firstNames.get(inode);
    if (first !== undefined) {
      return { header: { path, kind: 'hardlink', mode, uid, gid, size: 0, target: first }, file: undefined };
    }
    if (inode !== undefined) firstNames.set(inode, path);
    return { header: { path, kind, mode, uid, gid, size, target }, file: kind === 'file' ? node : undefined };
  });
}

/**
 * A layer as an uncompressed tar archive, in chunks of 256 KiB but for the last, read while it is pulled.
 * @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
 */
export async function* writeLayer(
  entries: readonly LayerEntry[],
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const chunks = new ChunkBuilder(chunkSize);
  const root = entries.map(({ file }) => diskOf(file)?.root).find((folder) => folder !== undefined) ?? '';
  const isSmall = (file: FileNode): boolean => {
    const disk = diskOf(file);
    return disk?.root === root && disk.offset === 0 && file.size <= smallFileSize;
  };
  const small = entries.flatMap(({ file }) => (file !== undefined && isSmall(file) ? [asContextEntry(file)] : []));
  const smallFiles = new ReadAhead(root, small, smallFileSize);
  try {
    for (const { header, file } of entries) {
      chunks.append(encodeTarEntryHeader(header));
      if (file !== undefined) {
        if (file.content?.kind === 'bytes') chunks.append(file.content.bytes);
        else if (isSmall(file)) chunks.append(await smallFiles.next());
        else yield* readLarge(file, chunks, signal);
        chunks.appendZeros(paddingOf(file.size));
      }
      if (chunks.hasFull) {
        await nextTurn(); // files in memory are read without waiting: nothing else may have let others run
        signal?.throwIfAborted();
        yield* chunks.takeFull();
      }
    }
    chunks.appendZeros(endOfArchive);
    yield* chunks.takeFull();
    const rest = chunks.takeRest();
    if (rest.length > 0) yield rest;
  } finally {
    await smallFiles.settled();
  }
}

async function* readLarge(
  node: FileNode,
  chunks: ChunkBuilder,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const disk = diskOf(node);
  if (disk === undefined) throw new Error(`Nobody fetched the content of ${node.path}.`);
  const file = await ContextFile.open(disk.root, disk.path);
  try {
    for (let position = 0; position < node.size;) {
      const count = await file.read(chunks.free().subarray(0, node.size - position), disk.offset + position);
      chunks.advance(count);
      position += count;
      if (chunks.hasFull) {
        signal?.throwIfAborted();
        yield* chunks.takeFull();
      }
    }
  } finally {
    await file.close();
  }
}

function diskOf(node: FileNode | undefined): DiskContent | undefined {
  return node?.content?.kind === 'disk' ? node.content : undefined;
}

function asContextEntry(node: FileNode): ContextEntry {
  return { path: diskOf(node)?.path ?? '', kind: 'file', size: node.size, executable: false };
}
