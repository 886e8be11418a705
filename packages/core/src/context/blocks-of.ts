import { ChunkBuilder } from './chunk-builder.js';

/** Cuts a stream anew, to blocks of one size but for the last. What already has that size is handed on without being copied. */
export async function* blocksOf(
  source: AsyncIterable<Buffer>,
  blockSize: number,
): AsyncGenerator<Buffer, void, undefined> {
  const blocks = new ChunkBuilder(blockSize);
  for await (const chunk of source) {
    if (chunk.length === blockSize && blocks.length % blockSize === 0) {
      yield chunk;
    } else {
      blocks.append(chunk);
      yield* blocks.takeFull();
    }
  }
  const rest = blocks.takeRest();
  if (rest.length > 0) yield rest;
}
