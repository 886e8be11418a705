import type { FileNode } from './file-node.js';
import { imagePath } from './image-path.js';

// As many as Linux and Docker's path resolution follow.
const mostSymlinks = 255;

/** The files of an image or a build context, by their paths. */
export abstract class FilesByPath {
  /** What is at this very path: no symlink on the way is followed. */
  abstract get(path: string): FileNode | undefined;

  /** Everything below a directory, each directory before what is in it. */
  abstract below(path: string): Iterable<FileNode>;

  /** The names in a directory. */
  abstract names(path: string): string[];

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
}
