import { compressionOf, decompress } from './decompress.js';
import type { DiskContent, FileNode } from './file-node.js';
import { copyError, type InstructionPlace } from './files-error.js';
import { readArchive, type ArchiveEntry } from './read-archive.js';
import { readContent } from './read-content.js';
import { writeSpool } from './spool.js';

/**
 * The files of a tar archive, plain or compressed, with paths relative to it; undefined where the file is none, and so is copied as it is.
 * A compressed archive is decompressed once, to a file of the cache folder.
 * @throws UsageError ADD_ARCHIVE_BROKEN
 */
export async function unpackArchive(
  place: InstructionPlace,
  name: string,
  content: DiskContent,
  cacheFolder: string,
): Promise<readonly FileNode[] | undefined> {
  const compression = compressionOf(await beginningOf(content));
  const plain = (): AsyncIterable<Buffer> => decompress(readContent(content), compression);
  if (!(await beginsAsArchive(plain()))) return undefined;
  try {
    const unpacked = compression === 'none' ? content : await writeSpool(cacheFolder, undefined, plain());
    const entries: ArchiveEntry[] = [];
    for await (const entry of readArchive(readContent(unpacked))) entries.push(entry);
    return nodesOf(entries, unpacked);
  } catch (error) {
    throw copyError(place, 'ADD_ARCHIVE_BROKEN', `cannot unpack '${name}'.`, 'Make the archive anew.', {
      // What the decoders say of it is for programmers.
      reason: `As a tar archive${compression === 'none' ? '' : ` compressed with ${compression}`} it is broken or cut off.`,
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
  const namesOf = new Map<string, readonly string[]>();
  for (const { path, kind, mode, uid, gid, size, target = '', offset } of entries) {
    nodes.delete(path);
    if (kind === 'hardlink') {
      const linked = nodes.get(target);
      if (linked === undefined) throw new Error(`'${path}' is a link to '${target}', which does not come before it.`);
      const inode = linked.inode ?? `${archive.path}:${target}`;
      const names = [...(namesOf.get(inode) ?? [target]), path];
      namesOf.set(inode, names);
      // Whoever unpacks gives the file, under all its names, the permissions and the owner that the link comes with.
      for (const name of names) nodes.set(name, { ...linked, mode, uid, gid, path: name, inode });
    } else if (kind === 'symlink') nodes.set(path, { path, kind, mode, uid, gid, size, target });
    else if (kind === 'directory') nodes.set(path, { path, kind, mode, uid, gid, size });
    else {
      const content = { ...archive, offset: archive.offset + offset };
      nodes.set(path, { path, kind, mode, uid, gid, size, content });
    }
  }
  return [...nodes.values()];
}
