import { SlipwayError } from '@slipway/core';
import { compressionOf, decompress } from './decompress.js';
import type { DiskContent, FileNode } from './file-node.js';
import { copyError, type InstructionPlace } from './files-error.js';
import { readArchive, type ArchiveEntry } from './read-archive.js';
import { readContent } from './read-content.js';
import { writeSpool } from './spool.js';

class DanglingLink extends Error {}

export interface UnpackOptions {
  readonly cacheFolder: string;
  /** Takes a sentence, and its reason. */
  readonly warn?: ((message: string, reason: string) => void) | undefined;
}

/**
 * The files of a tar archive, plain or compressed, with paths relative to it; undefined where the file is none, and so is copied as it is,
 * as Docker does: with a warning where it may be an archive that is broken from its beginning.
 * A compressed archive is decompressed once, to a file of the cache folder.
 * @throws UsageError ADD_ARCHIVE_BROKEN
 * @throws SlipwayError CACHE_UNWRITABLE, CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
 */
export async function unpackArchive(
  place: InstructionPlace,
  name: string,
  content: DiskContent,
  { cacheFolder, warn }: UnpackOptions,
): Promise<readonly FileNode[] | undefined> {
  const compression = compressionOf(await beginningOf(content));
  const plain = (): AsyncIterable<Buffer> => decompress(readContent(content), compression);
  let isReadable = true;
  if (!(await beginsAsArchive(withFailure(plain(), () => (isReadable = false))))) {
    if (!isReadable) {
      const reason = `It begins as ${compression} does, but cannot be decompressed: it may be cut off.`;
      warn?.(`Dockerfile line ${place.line}: ${place.instruction} copies '${name}' as it is.`, reason);
    }
    return undefined;
  }
  try {
    const unpacked = compression === 'none' ? content : await writeSpool(cacheFolder, undefined, plain());
    const entries: ArchiveEntry[] = [];
    for await (const entry of readArchive(readContent(unpacked))) entries.push(entry);
    return nodesOf(entries, unpacked);
  } catch (error) {
    if (SlipwayError.is(error)) throw error;
    throw copyError(place, 'ADD_ARCHIVE_BROKEN', `cannot unpack '${name}'.`, 'Make the archive anew.', {
      // What the decoders say of it is for programmers.
      reason:
        error instanceof DanglingLink
          ? error.message
          : `As a tar archive${compression === 'none' ? '' : ` compressed with ${compression}`} it is broken or cut off.`,
      cause: error,
    });
  }
}

async function beginningOf(content: DiskContent): Promise<Buffer> {
  for await (const chunk of readContent(content)) return chunk;
  return Buffer.alloc(0);
}

async function* withFailure(content: AsyncIterable<Buffer>, onFailure: () => void): AsyncGenerator<Buffer, void> {
  try {
    yield* content;
  } catch (error) {
    onFailure();
    throw error;
  }
}

async function beginsAsArchive(content: AsyncIterable<Buffer>): Promise<boolean> {
  try {
    for await (const entry of readArchive(content)) return entry.path.length >= 0;
    return false;
  } catch (error) {
    if (SlipwayError.is(error)) throw error;
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
      if (linked === undefined)
        throw new DanglingLink(`'${path}' is a link to '${target}', which does not come before it.`);
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
