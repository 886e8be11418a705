import { whiteoutPrefix } from './apply-layer.js';
import type { FileNode } from './file-node.js';
import type { FilesByPath } from './files-by-path.js';
import { copyError, type InstructionPlace } from './files-error.js';
import { ancestorsOf, imagePath, isWithin, parentOf } from './image-path.js';
import type { Owner } from './owner.js';

/** What directories are like that are made on the way. */
export interface ParentAttributes extends Owner {
  readonly mode: number;
}

/** Collects what a layer puts over a tree of files. */
export class FilePlacement {
  private readonly placed = new Map<string, FileNode>();
  /** A directory that is there with all above it: those of one directory follow each other. */
  private made = '';

  /** @param exact whether the tree holds all files: only then is a directory that it lacks known to be missing */
  constructor(
    private readonly place: InstructionPlace,
    private readonly tree: FilesByPath,
    private readonly exact: boolean,
  ) {}

  get nodes(): FileNode[] {
    return [...this.placed.values()];
  }

  /** Where a path leads, through the symlinks of the tree. */
  resolve(path: string): string {
    const resolved = this.tree.resolve(path);
    if (resolved !== undefined) return resolved;
    const fix = 'Name another destination.';
    throw copyError(this.place, 'COPY_TARGET_CONFLICT', `leads to '/${path}', a circle of symlinks.`, fix);
  }

  kindAt(path: string): FileNode['kind'] | undefined {
    return path === '' ? 'directory' : (this.placed.get(path) ?? this.tree.get(path))?.kind;
  }

  /**
   * Makes a directory and those above it, where they are known to be missing. Others stand in no layer: whoever unpacks it makes them,
   * and leaves alone, or follows through a symlink, what the base has.
   */
  makeDirectory(path: string, attributes: ParentAttributes): void {
    if (path === this.made) return;
    for (const directory of path === '' ? [] : [...ancestorsOf(path), path]) {
      const kind = this.kindAt(directory);
      if (kind !== undefined && kind !== 'directory') throw this.conflict(directory, 'no directory');
      if (kind === undefined && this.exact) {
        const { mode, uid, gid } = attributes;
        this.placed.set(directory, { path: directory, kind: 'directory', mode, uid, gid, size: 0 });
      }
    }
    this.made = path;
  }

  /**
   * @param replace whether whatever is there may be replaced, as an archive does; else a directory and something else do not mix
   * @throws UsageError COPY_TARGET_CONFLICT, COPY_NAME_RESERVED
   */
  put(node: FileNode, replace = false): void {
    if (node.path.startsWith(whiteoutPrefix, node.path.lastIndexOf('/') + 1)) {
      const problem = `cannot put '/${node.path}' into a layer: a name with '${whiteoutPrefix}' takes a file away there.`;
      throw copyError(this.place, 'COPY_NAME_RESERVED', problem, 'Rename the file, or exclude it in .dockerignore.');
    }
    const kind = this.kindAt(node.path);
    if (!replace && kind !== undefined && (kind === 'directory') !== (node.kind === 'directory')) {
      throw this.conflict(node.path, kind === 'directory' ? 'a directory' : 'no directory');
    }
    if (replace) this.clear(node);
    this.makeDirectory(parentOf(node.path), { mode: 0o755, uid: 0, gid: 0 });
    this.placed.set(node.path, node);
    if (node.kind !== 'directory' && isWithin(this.made, node.path)) this.made = '';
  }

  private clear(node: FileNode): void {
    const before = this.placed.get(node.path);
    if (before?.kind !== 'directory' || node.kind === 'directory') return;
    for (const path of this.placed.keys()) if (path.startsWith(`${imagePath(node.path)}/`)) this.placed.delete(path);
  }

  private conflict(path: string, what: string): Error {
    const fix = 'Copy to another destination, or name the files one by one.';
    return copyError(
      this.place,
      'COPY_TARGET_CONFLICT',
      `would replace '/${path}', which is ${what} in the image.`,
      fix,
    );
  }
}
