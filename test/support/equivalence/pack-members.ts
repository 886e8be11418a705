import { pack } from 'tar-stream';
import type { ArchiveMember } from './equivalence-case.js';

/** A tar archive. */
export async function packMembers(members: readonly ArchiveMember[]): Promise<Buffer> {
  const packed = pack();
  for (const { content = '', type = 'file', mode, ...header } of members) {
    const usual = type === 'directory' ? 0o755 : 0o644;
    packed.entry({ ...header, type, mode: mode ?? usual, mtime: new Date(0) }, content);
  }
  packed.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of packed as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
