import type { FileNode } from './file-node.js';
import { imagePath } from './image-path.js';

interface Branch {
  node: FileNode;
  children: Map<string, Branch> | undefined;
}

// As many as Linux and Docker's path resolution follow.
const mostSymlinks = 255;

/** Files by their paths, put together from layers. Changing: whoever shares one must not write to it any more. */
export class DirectoryTree {
  private readonly root: Branch = { node: impliedDirectory(''), children: new Map() };

  /** What is at this very path: no symlink on the way is followed. */
  get(path: string): FileNode | undefined {
    return this.branch(path)?.node;
  }

  /** Puts a node in place; directories above it that are missing come into being. A directory keeps what is in it, all else is replaced. */
  set(node: FileNode): void {
    if (node.path === '') {
      this.root.node = node;
      return;
    }
    const { parent, name } = this.parentFor(node.path);
    const existing = parent.get(name);
    const directory = node.kind === 'directory';
    const children = directory ? (existing?.children ?? new Map<string, Branch>()) : undefined;
    parent.set(name, { node, children });
  }

  remove(path: string): void {
    const { parent, name } = this.parentFor(path);
    parent.delete(name);
  }

  removeBelow(path: string): void {
    this.branch(path)?.children?.clear();
  }

  /** Everything below a directory, parents before what is in them, sorted by bytes within each. */
  *below(path: string): Generator<FileNode, void, undefined> {
    const branch = this.branch(path);
    if (branch !== undefined) yield* descend(branch);
  }

  /** The names in a directory. */
  names(path: string): string[] {
    return [...(this.branch(path)?.children?.keys() ?? [])];
  }

  /**
   * Follows the symlinks on the way to a path, none of which leads out of the root.
   * @param last whether the path itself is followed where it is a symlink
   * @returns where the path leads; undefined for a circle. What does not exist is taken as it is written.
   */
  resolve(path: string, last = true): string | undefined {
    let pending = imagePath(path).split('/');
    let resolved = '';
    let followed = 0;
    while (pending.length > 0) {
      const [name = '', ...rest] = pending;
      const candidate = imagePath(resolved, name);
      const node = this.get(candidate);
      pending = rest;
      if (node?.kind === 'symlink' && (last || rest.length > 0)) {
        if (++followed > mostSymlinks) return undefined;
        const target = node.target ?? '';
        const start = target.startsWith('/') ? imagePath(target) : imagePath(resolved, target);
        pending = [...start.split('/'), ...rest].filter((segment) => segment !== '');
        resolved = '';
      } else {
        resolved = candidate;
      }
    }
    return resolved;
  }

  private branch(path: string): Branch | undefined {
    let branch: Branch | undefined = this.root;
    if (path === '') return branch;
    for (const name of path.split('/')) branch = branch?.children?.get(name);
    return branch;
  }

  private parentFor(path: string): { parent: Map<string, Branch>; name: string } {
    const segments = path.split('/');
    const name = segments.pop() ?? '';
    let parent = this.root.children ?? new Map<string, Branch>();
    let walked = '';
    for (const segment of segments) {
      walked = imagePath(walked, segment);
      let branch = parent.get(segment);
      if (branch?.children === undefined) {
        branch = { node: impliedDirectory(walked), children: new Map() };
        parent.set(segment, branch);
      }
      parent = branch.children ?? new Map<string, Branch>();
    }
    return { parent, name };
  }
}

/** A directory as it comes into being where a layer only has something below it. */
function impliedDirectory(path: string): FileNode {
  return { path, kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0 };
}

function* descend(branch: Branch): Generator<FileNode, void, undefined> {
  const names = [...(branch.children?.keys() ?? [])].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    const child = branch.children?.get(name);
    if (child === undefined) continue;
    yield child.node;
    yield* descend(child);
  }
}
