import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  ChunkBuilder,
  compressedBlockSize,
  type ContextEntry,
  ContextFile,
  encodeTarEntryHeader,
  paddingOf,
  ReadAhead,
} from '@slipway/core';
import type { DiskContent, FileNode } from './file-node.js';
import type { LayerSegment } from './layer-segments.js';

const smallFileSize = 64 * 1024;

/** Reads segments of a layer as pieces of an uncompressed tar archive. */
export class SegmentReader {
  private readonly root: string;
  private readonly smallFiles: ReadAhead;

  /** @param segments those that will be read, in this order */
  constructor(
    segments: readonly LayerSegment[],
    private readonly signal?: AbortSignal,
  ) {
    const files = segments.flatMap(({ entries }) => entries.flatMap(({ file }) => file ?? []));
    this.root = files.map((file) => diskOf(file)?.root).find((folder) => folder !== undefined) ?? '';
    const small = files.filter((file) => this.isSmall(file)).map(asContextEntry);
    this.smallFiles = new ReadAhead(this.root, small, smallFileSize);
  }

  /**
   * The next segment, in blocks of `compressedBlockSize` but for the last, read while they are pulled.
   * @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
   */
  async *read({ entries }: LayerSegment): AsyncGenerator<Buffer, void, undefined> {
    const blocks = new ChunkBuilder(compressedBlockSize);
    for (const { header, file } of entries) {
      blocks.append(encodeTarEntryHeader(header));
      if (file !== undefined) {
        if (file.content?.kind === 'bytes') blocks.append(file.content.bytes);
        else if (this.isSmall(file)) blocks.append(await this.smallFiles.next());
        else yield* this.readLarge(file, blocks);
        blocks.appendZeros(paddingOf(file.size));
      }
      if (blocks.hasFull) yield* blocks.takeFull();
    }
    await nextTurn(); // files in memory are read without waiting: nothing else may have let others run
    this.signal?.throwIfAborted();
    const rest = blocks.takeRest();
    if (rest.length > 0) yield rest;
  }

  /** Resolves when all files are closed again; nothing may be read afterwards. */
  settled(): Promise<void> {
    return this.smallFiles.settled();
  }

  private async *readLarge(node: FileNode, blocks: ChunkBuilder): AsyncGenerator<Buffer, void, undefined> {
    const disk = diskOf(node);
    if (disk === undefined) throw new Error(`Nobody fetched the content of ${node.path}.`);
    const file = await ContextFile.open(disk.root, disk.path);
    try {
      for (let position = 0; position < node.size;) {
        const count = await file.read(blocks.free().subarray(0, node.size - position), disk.offset + position);
        blocks.advance(count);
        position += count;
        if (blocks.hasFull) {
          this.signal?.throwIfAborted();
          yield* blocks.takeFull();
        }
      }
    } finally {
      await file.close();
    }
  }

  private isSmall(file: FileNode): boolean {
    const disk = diskOf(file);
    return disk?.root === this.root && disk.offset === 0 && file.size <= smallFileSize;
  }
}

function diskOf(node: FileNode): DiskContent | undefined {
  return node.content?.kind === 'disk' ? node.content : undefined;
}

function asContextEntry(node: FileNode): ContextEntry {
  return { path: diskOf(node)?.path ?? '', kind: 'file', size: node.size, executable: false };
}
