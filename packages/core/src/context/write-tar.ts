import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ContextEntry, TarOptions } from './build-context.js';
import { ChunkBuilder } from './chunk-builder.js';
import { ContextFile } from './context-file.js';
import { ReadAhead } from './read-ahead.js';
import { encodeTarHeader, paddingOf, tarBlockSize } from './tar-header.js';

const chunkSize = 256 * 1024;
const recordSize = 10_240;
// One block more than the two that end an archive: who unpacks a stream, as Kaniko does, then need not wait for the end of the stream.
const minimumEnd = 3 * tarBlockSize;
const smallFileSize = 64 * 1024;

/**
 * Writes entries as a POSIX tar archive, in chunks of 256 KiB but for the last. Small files are read ahead, large ones straight into the
 * chunks; a file that has grown is cut at the size of its entry.
 * @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
 */
export async function* writeTar(
  root: string,
  entries: readonly ContextEntry[],
  { signal, onBytes }: TarOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  const chunks = new ChunkBuilder(chunkSize);
  const smallFiles = new ReadAhead(root, entries.filter(isSmallFile), smallFileSize);
  let packed = 0;
  let reported = 0;

  function* fullChunks(): Generator<Buffer, void, undefined> {
    for (const chunk of chunks.takeFull()) {
      signal?.throwIfAborted();
      report();
      yield chunk;
    }
  }
  function report(): void {
    if (packed === reported) return;
    reported = packed;
    onBytes?.(packed);
  }

  try {
    signal?.throwIfAborted();
    for (const entry of entries) {
      chunks.append(encodeTarHeader(entry));
      if (isSmallFile(entry)) {
        chunks.append(await smallFiles.next());
        packed += entry.size;
        if (chunks.hasFull) await nextTurn(); // nothing else may have let others run
      } else if (entry.kind === 'file') {
        const file = await ContextFile.open(root, entry.path);
        try {
          for (let position = 0; position < entry.size;) {
            const count = await file.read(chunks.free().subarray(0, entry.size - position), position);
            chunks.advance(count);
            position += count;
            packed += count;
            if (chunks.hasFull) yield* fullChunks();
          }
        } finally {
          await file.close();
        }
      }
      chunks.appendZeros(paddingOf(entry.size));
      if (chunks.hasFull) yield* fullChunks();
    }
    const end = chunks.length + minimumEnd;
    chunks.appendZeros(Math.ceil(end / recordSize) * recordSize - chunks.length);
    yield* fullChunks();
    report();
    const rest = chunks.takeRest();
    if (rest.length > 0) yield rest;
  } finally {
    await smallFiles.settled();
  }
}

function isSmallFile(entry: ContextEntry): boolean {
  return entry.kind === 'file' && entry.size <= smallFileSize;
}
