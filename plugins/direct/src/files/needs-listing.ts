import { posix } from 'node:path';
import type { ModeChange } from './chmod.js';
import type { FilesByPath } from './files-by-path.js';
import { imagePath, parentOf } from './image-path.js';
import { numericOwner, type OwnerText } from './owner.js';
import { pathWithin, type SelectedSource } from './select-sources.js';

export interface PlannedCopy {
  readonly selected: readonly SelectedSource[];
  /** Absolute or relative to the root, normal, without a trailing slash. */
  readonly destination: string;
  /** Whether the destination was written as a directory. */
  readonly intoDirectory: boolean;
  readonly owner: OwnerText | undefined;
  readonly mode: ModeChange;
}

// Where base images have symlinks to directories (/bin, /var/run) and directories with permissions of their own (/tmp).
const systemFolders = new Set(
  'bin boot dev etc home lib lib32 lib64 libx32 media mnt opt proc root run sbin srv sys tmp usr var'.split(' '),
);

/**
 * Whether the files of the base image decide what a copy does, so that its layers must be listed. The answer depends on the Dockerfile, the
 * context and this build's own layers alone, never on what the cache holds: else the same content would come out as two images.
 */
export function needsListing(plan: PlannedCopy, own: FilesByPath): boolean {
  const { selected, destination, intoDirectory, owner, mode } = plan;
  if (owner !== undefined && numericOwner(owner) === undefined) return true;

  const isOwnDirectory = (path: string): boolean =>
    path === '' || own.get(own.resolve(path) ?? path)?.kind === 'directory';
  const single = selected.find(({ node }) => node.kind !== 'directory');
  const parent = intoDirectory || single === undefined ? destination : parentOf(destination);
  // Whoever unpacks a layer makes missing directories as root's, 0755; only what is to be other than that needs to be told from what exists.
  const plainParents = mode.parentMode === 0o755 && (owner === undefined || isRoot(owner));
  if (!plainParents && !isOwnDirectory(parent)) return true;

  // A file copied to the name of an existing directory goes into it. A destination with the source's own extension is taken for a file
  // (`COPY app.py /app/main.py`): a directory of such a name is not worth reading a base image for. Any other name may be a directory's.
  if (single !== undefined && !intoDirectory && own.get(destination) === undefined) {
    const name = posix.basename(destination);
    if (extension(name) === '' || extension(name) !== extension(single.name)) return true;
  }

  // A directory in the layer replaces a symlink of the base, which Docker refuses. Below a directory of the image's own that is not to be
  // expected; beside the system's it is.
  return selected.some(({ directory, below }) =>
    below.some((node) => {
      if (node.kind !== 'directory') return false;
      return isSystemPlace(imagePath(destination, pathWithin(directory, node)), isOwnDirectory);
    }),
  );
}

function isSystemPlace(path: string, isOwnDirectory: (path: string) => boolean): boolean {
  const [top = ''] = path.split('/');
  return (!path.includes('/') || systemFolders.has(top)) && !isOwnDirectory(path);
}

/** A name that is an extension alone, as `.npmrc`, counts as one. */
function extension(name: string): string {
  return posix.extname(name) === '' && name.startsWith('.') ? name : posix.extname(name);
}

function isRoot(owner: OwnerText): boolean {
  const numbers = numericOwner(owner);
  return numbers?.uid === 0 && numbers.gid === 0;
}
