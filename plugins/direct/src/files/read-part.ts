import { ChunkBuilder, ContextFile, encodeTarEntryHeader, paddingOf, ReadAhead } from '@slipway/core';
import type { LayerPart, PartEntry, PlaceOnDisk } from './layer-part.js';

const smallFileSize = 64 * 1024;

/**
 * The uncompressed tar archive of a part, in blocks of the given size but for the last. Each is memory of its own.
 * @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
 */
export async function readPart({ entries, stretch }: LayerPart, blockSize: number): Promise<Buffer[]> {
  const blocks = new ChunkBuilder(blockSize);
  const smallFiles = new SmallFiles(entries);
  try {
    for (const entry of entries) {
      const { header, content } = entry;
      const { start, end } = stretch ?? { start: 0, end: header.size };
      if (start === 0) blocks.append(encodeTarEntryHeader(header));
      if (content instanceof Uint8Array) blocks.append(Buffer.from(content.buffer, content.byteOffset, content.length));
      else if (smallFiles.has(entry)) blocks.append(await smallFiles.next());
      else if (content !== undefined) await readFile(content, start, end, blocks);
      if (end === header.size) blocks.appendZeros(paddingOf(header.size));
    }
  } finally {
    await smallFiles.settled();
  }
  const rest = blocks.takeRest();
  return rest.length > 0 ? [...blocks.takeFull(), rest] : blocks.takeFull();
}

/** Files that are read whole, in the order of the entries. Those of another folder than the first are read as large ones are. */
class SmallFiles {
  private readonly root: string | undefined;
  private readonly files: ReadAhead;

  constructor(entries: readonly PartEntry[]) {
    this.root = entries.map((entry) => placeOf(entry)?.root).find((root) => root !== undefined);
    const small = entries.filter((entry) => this.has(entry));
    const files = small.map((entry) => ({ path: placeOf(entry)?.path ?? '', size: entry.header.size }));
    this.files = new ReadAhead(this.root ?? '', files, smallFileSize);
  }

  has(entry: PartEntry): boolean {
    const place = placeOf(entry);
    return place !== undefined && place.root === this.root && place.offset === 0 && entry.header.size <= smallFileSize;
  }

  next(): Buffer | Promise<Buffer> {
    return this.files.next();
  }

  /** Resolves when all files are closed again; nothing may be read afterwards. */
  settled(): Promise<void> {
    return this.files.settled();
  }
}

function placeOf({ content }: PartEntry): PlaceOnDisk | undefined {
  return content instanceof Uint8Array ? undefined : content;
}

async function readFile(
  { root, path, offset }: PlaceOnDisk,
  start: number,
  end: number,
  blocks: ChunkBuilder,
): Promise<void> {
  const file = await ContextFile.open(root, path);
  try {
    for (let position = start; position < end;) {
      const count = await file.read(blocks.free().subarray(0, end - position), offset + position);
      blocks.advance(count);
      position += count;
    }
  } finally {
    await file.close();
  }
}
