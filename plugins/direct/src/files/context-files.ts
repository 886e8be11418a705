import type { BuildContext, ContextEntry } from '@slipway/core';
import type { FileNode } from './file-node.js';
import { FilesByPath } from './files-by-path.js';
import { compareBytes } from './image-path.js';

/**
 * The files of a build context that may be copied, with the owners and permissions that they get in an image. The list of a context is
 * sorted, so it needs no tree: what is below a directory is a part of it, and a path is found by halving.
 */
export class ContextFiles extends FilesByPath {
  private readonly root: FileNode = { path: '', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0 };
  private readonly entries: readonly ContextEntry[];
  private readonly directory: string;

  constructor({ entries, directory }: BuildContext) {
    super();
    this.entries = entries.filter(({ ignored }) => ignored !== true);
    this.directory = directory;
  }

  get(path: string): FileNode | undefined {
    if (path === '') return this.root;
    const entry = this.entries[this.indexOf(path)];
    return entry?.path === path ? this.nodeOf(entry) : undefined;
  }

  *below(path: string): Generator<FileNode, void, undefined> {
    for (const entry of this.entriesBelow(path)) yield this.nodeOf(entry);
  }

  names(path: string): string[] {
    const start = path === '' ? 0 : path.length + 1;
    const names: string[] = [];
    for (const entry of this.entriesBelow(path)) {
      if (!entry.path.includes('/', start)) names.push(entry.path.slice(start));
    }
    return names;
  }

  private *entriesBelow(path: string): Generator<ContextEntry, void, undefined> {
    const prefix = path === '' ? '' : `${path}/`;
    for (let index = this.indexOf(prefix); index < this.entries.length; index++) {
      const entry = this.entries[index];
      if (entry?.path.startsWith(prefix) !== true) return;
      yield entry;
    }
  }

  /** The index of the first entry that is not before a path. */
  private indexOf(path: string): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(this.entries[middle]?.path ?? '', path) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private nodeOf({ path, kind, size, executable, target, state }: ContextEntry): FileNode {
    if (kind === 'symlink') return { path, kind, mode: 0o777, uid: 0, gid: 0, size, target: target ?? '' };
    if (kind === 'directory') return { path, kind, mode: 0o755, uid: 0, gid: 0, size };
    const content = { kind: 'disk', root: this.directory, path, offset: 0, state } as const;
    return { path, kind, mode: executable ? 0o755 : 0o644, uid: 0, gid: 0, size, content };
  }
}
