import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError } from '@slipway/core';
import type { DiskContent } from './file-node.js';

const chunkSize = 256 * 1024;

/**
 * A file of this machine from where its content begins, at level memory.
 * @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
 */
export async function* readContent(content: DiskContent): AsyncGenerator<Buffer, void, undefined> {
  const failed = (error: unknown): never => {
    throw fileError(content.path, error);
  };
  const file = await open(join(content.root, content.path), constants.O_RDONLY).catch(failed);
  try {
    for (let position = content.offset; ;) {
      const chunk = Buffer.allocUnsafe(chunkSize);
      const { bytesRead } = await file.read(chunk, 0, chunkSize, position).catch(failed);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
      position += bytesRead;
    }
  } finally {
    await file.close();
  }
}
