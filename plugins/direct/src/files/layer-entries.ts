import type { TarEntryHeader } from '@slipway/core';
import type { FileNode } from './file-node.js';
import { sortByPath } from './image-path.js';

/** One entry of a layer as it is written: its header, and where the content comes from. */
export interface LayerEntry {
  readonly header: TarEntryHeader;
  /** None for a second name of a file that the layer has already. */
  readonly file: FileNode | undefined;
}

/**
 * What is written for a set of files. Sorted by bytes, so that it does not depend on the order on disk or of the instruction's sources, and
 * a directory comes before what is in it. The first name of a file with several holds its content, the others are hard links to it. Times
 * are the fixed one of the build context: a layer is the same whenever and wherever it is made, and no builder's comparison looks at them.
 */
export function layerEntries(nodes: readonly FileNode[]): LayerEntry[] {
  const firstNames = new Map<string, string>();
  return sortByPath(nodes).map((node) => {
    const { path, kind, mode, uid, gid, inode } = node;
    const first = inode === undefined ? undefined : firstNames.get(inode);
    if (first !== undefined) {
      return { header: { path, kind: 'hardlink', mode, uid, gid, size: 0, target: first }, file: undefined };
    }
    if (inode !== undefined) firstNames.set(inode, path);
    return { header: node, file: kind === 'file' ? node : undefined };
  });
}
