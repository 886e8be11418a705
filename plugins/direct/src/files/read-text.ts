import type { FileNode } from './file-node.js';
import { readContent } from './read-content.js';
import { fetchContents } from './spool.js';

/** The text of a small file of a tree, wherever it lies. */
export async function readText(file: FileNode, cacheFolder: string, signal?: AbortSignal): Promise<string> {
  const [fetched] = await fetchContents([file], cacheFolder, signal);
  const content = fetched?.content;
  if (content?.kind === 'bytes') return content.bytes.toString();
  if (content?.kind !== 'disk') return '';
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readContent(content)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= file.size) break;
  }
  return Buffer.concat(chunks).subarray(0, file.size).toString();
}
