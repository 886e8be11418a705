import type { BuildContext } from '@slipway/core';
import type { ContentSource, Descriptor } from '@slipway/oci';
import { applyLayer } from './apply-layer.js';
import { ContextFiles } from './context-files.js';
import { DirectoryTree } from './directory-tree.js';
import type { FileNode } from './file-node.js';
import type { FilesByPath } from './files-by-path.js';
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

  private wholeTree: Promise<FilesByPath> | undefined;
  private ownTree: FilesByPath | undefined;

  /** @param context undefined for the files of an image */
  private constructor(
    private readonly base: ImageFiles | undefined,
    private readonly layers: readonly (readonly FileNode[])[],
    private readonly context?: ContextFiles,
  ) {}

  static ofImage(image: ImageFiles): FileTree {
    return new FileTree(image.layers.length === 0 ? undefined : image, []);
  }

  /** The files of a build context that may be copied, with the owners and permissions that they get in an image. */
  static ofContext(context: BuildContext): FileTree {
    return new FileTree(undefined, [], new ContextFiles(context));
  }

  /** Whether all files are known without reading anything. */
  get complete(): boolean {
    return this.base === undefined;
  }

  /** The same with one more layer on top. */
  with(nodes: readonly FileNode[]): FileTree {
    return new FileTree(this.base, [...this.layers, nodes], this.context);
  }

  /** What this build's own layers hold, without the base image. Not to be changed. */
  own(): FilesByPath {
    this.ownTree ??= this.layers.length === 0 && this.context !== undefined ? this.context : this.readOwn();
    return this.ownTree;
  }

  /**
   * All files. Reads the layers of the base image that have no listing in the cache. Not to be changed.
   * @throws SlipwayError LAYER_BROKEN, and what the source throws
   */
  whole(signal?: AbortSignal): Promise<FilesByPath> {
    const { base } = this;
    if (base === undefined) return Promise.resolve(this.own());
    this.wholeTree ??= this.readWhole(base, signal).catch((error: unknown) => {
      this.wholeTree = undefined; // a failed transfer may be tried again
      throw error;
    });
    return this.wholeTree;
  }

  private readOwn(): FilesByPath {
    const tree = new DirectoryTree();
    for (const node of this.context?.below('') ?? []) tree.set(node);
    return this.withOwnLayers(tree);
  }

  private async readWhole({ source, layers, cacheFolder }: ImageFiles, signal?: AbortSignal): Promise<FilesByPath> {
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
