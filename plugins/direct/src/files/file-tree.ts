import type { BuildContext } from '@slipway/core';
import type { ContentSource, Descriptor } from '@slipway/oci';
import { applyLayer } from './apply-layer.js';
import { DirectoryTree } from './directory-tree.js';
import type { FileNode } from './file-node.js';
import { imagePath, parentOf } from './image-path.js';
import { listLayer } from './layer-listing.js';

export interface ImageFiles {
  readonly source: ContentSource;
  /** From the lowest up. */
  readonly layers: readonly Descriptor[];
  /** Where listings of layers are kept; absolute. */
  readonly cacheFolder: string;
}

/** The files of a stage. It never changes: each layer makes a new one. The layers of a base image are read only when `whole` is asked for. */
export class FileTree {
  /** The files of `FROM scratch`. */
  static readonly empty = new FileTree(undefined, []);

  private wholeTree: Promise<DirectoryTree> | undefined;
  private ownTree: DirectoryTree | undefined;

  private constructor(
    private readonly base: ImageFiles | undefined,
    private readonly layers: readonly (readonly FileNode[])[],
  ) {}

  static ofImage(image: ImageFiles): FileTree {
    return new FileTree(image.layers.length === 0 ? undefined : image, []);
  }

  /** The files of a build context that may be copied, with the owners and permissions that they get in an image. */
  static ofContext(context: BuildContext): FileTree {
    const entries = context.entries.filter(({ ignored }) => ignored !== true);
    const nodes = entries.map((entry): FileNode => {
      const { path, kind, size, executable, target, state } = entry;
      const node = { path, kind, uid: 0, gid: 0, size };
      if (kind === 'symlink') return { ...node, mode: 0o777, target: target ?? '' };
      if (kind === 'directory') return { ...node, mode: 0o755 };
      const content = { kind: 'disk', root: context.directory, path, offset: 0, state } as const;
      return { ...node, mode: executable ? 0o755 : 0o644, content };
    });
    return new FileTree(undefined, [nodes]);
  }

  /** Whether all files are known without reading anything. */
  get complete(): boolean {
    return this.base === undefined;
  }

  /** The same with one more layer on top. */
  with(nodes: readonly FileNode[]): FileTree {
    return new FileTree(this.base, [...this.layers, nodes]);
  }

  /** What this build's own layers hold, without the base image. Not to be changed. */
  own(): DirectoryTree {
    this.ownTree ??= this.withOwnLayers(new DirectoryTree());
    return this.ownTree;
  }

  /**
   * All files. Reads the layers of the base image that have no listing in the cache. Not to be changed.
   * @throws SlipwayError LAYER_BROKEN, and what the source throws
   */
  whole(signal?: AbortSignal): Promise<DirectoryTree> {
    const { base } = this;
    if (base === undefined) return Promise.resolve(this.own());
    this.wholeTree ??= this.readWhole(base, signal).catch((error: unknown) => {
      this.wholeTree = undefined; // a failed transfer may be tried again
      throw error;
    });
    return this.wholeTree;
  }

  private async readWhole({ source, layers, cacheFolder }: ImageFiles, signal?: AbortSignal): Promise<DirectoryTree> {
    const tree = new DirectoryTree();
    for (const layer of layers) applyLayer(tree, await listLayer(source, layer, cacheFolder, signal), source, layer);
    return this.withOwnLayers(tree);
  }

  private withOwnLayers(tree: DirectoryTree): DirectoryTree {
    let parent = '';
    let real = '';
    for (const node of this.layers.flat()) {
      // Those of one directory follow each other.
      if (parentOf(node.path) !== parent) {
        parent = parentOf(node.path);
        real = parent === '' ? '' : (tree.resolve(parent) ?? parent);
      }
      tree.set(real === parent ? node : { ...node, path: imagePath(real, node.path.slice(parent.length)) });
    }
    return tree;
  }
}
