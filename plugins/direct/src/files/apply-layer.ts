import type { ContentSource, Descriptor } from '@slipway/oci';
import type { DirectoryTree } from './directory-tree.js';
import type { FileContent, FileNode } from './file-node.js';
import { imagePath, parentOf } from './image-path.js';
import type { ArchiveEntry } from './read-archive.js';

/** Marks a name that a layer takes away. */
export const whiteoutPrefix = '.wh.';
const opaqueWhiteout = '.wh..wh..opq';

/** Lays an image's layer over what the layers below it hold, whiteouts and all. */
export function applyLayer(
  tree: DirectoryTree,
  entries: readonly ArchiveEntry[],
  source: ContentSource,
  layer: Descriptor,
): void {
  // A whiteout speaks of the layers below alone, wherever in its layer it stands: so all of them come first.
  for (const { path } of entries) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!name.startsWith(whiteoutPrefix)) continue;
    const parent = followParent(tree, parentOf(path));
    if (name === opaqueWhiteout) tree.removeBelow(parent);
    else if (!name.startsWith('.wh..wh.')) tree.remove(imagePath(parent, name.slice(whiteoutPrefix.length)));
  }
  const namesOf = new Map<string, readonly string[]>();
  for (const entry of entries) {
    const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
    if (name.startsWith(whiteoutPrefix)) continue;
    const path = imagePath(followParent(tree, parentOf(entry.path)), name);
    if (entry.kind === 'hardlink') linkFile(tree, path, entry, layer, namesOf);
    else tree.set(nodeOf(entry, entry.kind, path, source, layer));
  }
}

function nodeOf(
  entry: ArchiveEntry,
  kind: FileNode['kind'],
  path: string,
  source: ContentSource,
  layer: Descriptor,
): FileNode {
  const { mode, uid, gid, size, offset, target, base64 } = entry;
  if (kind === 'symlink') return { path, kind, mode, uid, gid, size, target: target ?? '' };
  if (kind === 'directory') return { path, kind, mode, uid, gid, size };
  const content: FileContent =
    base64 === undefined
      ? { kind: 'blob', source, layer, offset }
      : { kind: 'bytes', bytes: Buffer.from(base64, 'base64') };
  return { path, kind, mode, uid, gid, size, content };
}

/** @param namesOf the names that a file has got in this layer, by its inode */
function linkFile(
  tree: DirectoryTree,
  path: string,
  entry: ArchiveEntry,
  layer: Descriptor,
  namesOf: Map<string, readonly string[]>,
): void {
  const targetPath = imagePath(entry.target ?? '');
  const target = tree.get(imagePath(followParent(tree, parentOf(targetPath)), targetPath.split('/').at(-1) ?? ''));
  if (target === undefined || target.kind === 'directory') return; // an archive that links to nothing cannot be unpacked either
  const inode = target.inode ?? `${layer.digest}:${target.path}`;
  // What unpacks a layer gives the file, under all its names, the permissions and the owner that the link comes with.
  const { mode, uid, gid } = entry;
  const file = { ...target, mode, uid, gid, inode };
  const names = [...(namesOf.get(inode) ?? [target.path]), path];
  namesOf.set(inode, names);
  for (const name of names) tree.set({ ...file, path: name });
}

function followParent(tree: DirectoryTree, path: string): string {
  return path === '' ? '' : (tree.resolve(path) ?? path);
}
