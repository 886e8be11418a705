import type { FileNode } from './file-node.js';
import { LayerCache, type LayerDigests } from './layer-cache.js';
import { LayerRecipe } from './layer-recipe.js';

/** A layer of an image. */
export interface Layer {
  /** What it holds; goes into `FileTree.with`. */
  readonly entries: readonly FileNode[];
  /**
   * Makes the layer where the cache does not know it. All calls share the outcome of the first.
   * @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
   */
  digests(): Promise<LayerDigests>;
  /**
   * The compressed layer, anew with each call, at level memory.
   * @throws SlipwayError as `digests`
   */
  content(): AsyncIterable<Buffer>;
}

export interface LayerOptions {
  /** Where layers, listings and unpacked contents are kept; absolute, made where it does not exist. */
  readonly cacheFolder: string;
  readonly signal?: AbortSignal | undefined;
}

/** A layer of these files, which are read when its digests or its content are asked for: of some layers only the list is wanted. */
export function makeLayer(nodes: readonly FileNode[], { cacheFolder, signal }: LayerOptions): Layer {
  const recipe = new LayerRecipe(nodes, new LayerCache(cacheFolder), signal);
  let making: Promise<LayerDigests> | undefined;
  const digests = (): Promise<LayerDigests> => (making ??= recipe.digests());
  async function* content(): AsyncGenerator<Buffer, void, undefined> {
    const { descriptor } = await digests();
    yield* recipe.content(descriptor);
  }
  return { entries: nodes, digests, content };
}
