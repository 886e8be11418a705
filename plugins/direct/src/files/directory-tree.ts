import type { FileNode } from './file-node.js';
import { FilesByPath } from './files-by-path.js';
import { compareBytes } from './image-path.js';

interface Branch {
  node: FileNode;
  children: Map<string, Branch> | undefined;
}

/** Files put together from layers. Changing: whoever shares one must not write to it any more. */
export class DirectoryTree extends FilesByPath {
  private readonly root: Branch = { node: impliedDirectory(''), children: new Map() };

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

  /** Sorted by bytes within each directory. */
  *below(path: string): Generator<FileNode, void, undefined> {
    const branch = this.branch(path);
    if (branch !== undefined) yield* descend(branch);
  }

  names(path: string): string[] {
    return [...(this.branch(path)?.children?.keys() ?? [])];
  }

  private branch(path: string): Branch | undefined {
    let branch: Branch | undefined = this.root;
    // Most paths that are asked for are missing from their first component on.
    for (let start = 0; branch !== undefined && start < path.length;) {
      const slash = path.indexOf('/', start);
      const end = slash < 0 ? path.length : slash;
      branch = branch.children?.get(path.slice(start, end));
      start = end + 1;
    }
    return branch;
  }

  private parentFor(path: string): { parent: Map<string, Branch>; name: string } {
    let parent = this.root.children ?? new Map<string, Branch>();
    let start = 0;
    for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', start)) {
      const segment = path.slice(start, slash);
      let branch = parent.get(segment);
      if (branch?.children === undefined) {
        branch = { node: impliedDirectory(path.slice(0, slash)), children: new Map() };
        parent.set(segment, branch);
      }
      parent = branch.children ?? new Map<string, Branch>();
      start = slash + 1;
    }
    return { parent, name: path.slice(start) };
  }
}

/** A directory as it comes into being where a layer only has something below it. */
function impliedDirectory(path: string): FileNode {
  return { path, kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0 };
}

function* descend(branch: Branch): Generator<FileNode, void, undefined> {
  const names = [...(branch.children?.keys() ?? [])].sort(compareBytes);
  for (const name of names) {
    const child = branch.children?.get(name);
    if (child === undefined) continue;
    yield child.node;
    yield* descend(child);
  }
}
