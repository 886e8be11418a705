import { canReadZstd, compressionOf, decompress } from './decompress.js';
import type { DiskContent, FileNode } from './file-node.js';
import { copyError, type InstructionPlace } from './files-error.js';
import { readArchive, type ArchiveEntry } from './read-archive.js';
import { readContent } from './read-content.js';
import { writeSpool } from './spool.js';

/**
 * The files of a tar archive, plain or compressed, with paths relative to it; undefined where the file is none, and so is copied as it is.
 * A compressed archive is decompressed once, to a file of the cache folder.
 * @throws UsageError ADD_ARCHIVE_UNSUPPORTED, ADD_ARCHIVE_BROKEN
 */
export async function unpackArchive(
  place: InstructionPlace,
  name: string,
  content: DiskContent,
  cacheFolder: string,
): Promise<readonly FileNode[] | undefined> {
  const compression = compressionOf(await beginningOf(content));
  if (compression === 'xz' || (compression === 'zstd' && !canReadZstd())) {
    throw copyError(
      place,
      'ADD_ARCHIVE_UNSUPPORTED',
      `would unpack '${name}', which is compressed with ${compression}.`,
      'Compress it with gzip, or write COPY where it is to stay as it is.',
      { reason: `Neither Node ${process.versions.node} nor a well-kept library reads ${compression}.` },
    );
  }
  const plain = (): AsyncIterable<Buffer> =>
    decompress(readContent(content), compression, name) as AsyncIterable<Buffer>;
  if (!(await beginsAsArchive(plain()))) return undefined;
  try {
    const unpacked = compression === 'none' ? content : await writeSpool(cacheFolder, undefined, plain());
    const entries: ArchiveEntry[] = [];
    for await (const entry of readArchive(readContent(unpacked))) entries.push(entry);
    return nodesOf(entries, unpacked);
  } catch (error) {
    throw copyError(place, 'ADD_ARCHIVE_BROKEN', `cannot unpack '${name}'.`, 'Make the archive anew.', {
      reason: error instanceof Error ? error.message : String(error),
      cause: error,
    });
  }
}

async function beginningOf(content: DiskContent): Promise<Buffer> {
  for await (const chunk of readContent(content)) return chunk;
  return Buffer.alloc(0);
}

async function beginsAsArchive(content: AsyncIterable<Buffer>): Promise<boolean> {
  try {
    for await (const entry of readArchive(content)) return entry.path.length >= 0;
    return false;
  } catch {
    return false;
  }
}

/** Later entries replace earlier ones of the same path; hard links share what they link to. */
function nodesOf(entries: readonly ArchiveEntry[], archive: DiskContent): FileNode[] {
  const nodes = new Map<string, FileNode>();
  for (const { path, kind, mode, uid, gid, size, target = '', offset } of entries) {
    const common = { path, mode, uid, gid, size };
    nodes.delete(path);
    if (kind === 'hardlink') {
      const linked = nodes.get(target);
      if (linked === undefined) throw new Error(`'${path}' is a link to '${target}', which does not come before it.`);
      const inode = linked.inode ?? `${archive.path}:${target}`;
      nodes.set(target, { ...linked, inode });
      nodes.set(path, { ...linked, path, inode });
    } else if (kind === 'symlink') nodes.set(path, { ...common, kind, target });
    else if (kind === 'directory') nodes.set(path, { ...common, kind });
    else nodes.set(path, { ...common, kind, content: { ...archive, offset: archive.offset + offset } });
  }
  return [...nodes.values()];
}
