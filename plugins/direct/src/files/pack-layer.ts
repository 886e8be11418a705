import type { LayerCache, StoredSegment } from './layer-cache.js';
import { partsOf } from './layer-part.js';
import type { LayerSegment } from './layer-segments.js';
import type { PackedBlock } from './pack-part.js';
import { PartPackers, partsInFlight } from './part-packers.js';
import { StoredLayers } from './stored-layers.js';

/** A piece of a layer, and the segment it is of; none at the layer's end. */
export interface LayerBlock extends PackedBlock {
  readonly segment: LayerSegment | undefined;
}

/** Blocks that are on their way, and the segment they are of. */
interface Running {
  readonly segment: LayerSegment;
  readonly blocks: Promise<readonly PackedBlock[]>;
  settled: boolean;
}

// Two blocks of zeros.
const endOfArchive = Buffer.alloc(1024);

/**
 * Packs a layer, block by block in their order, several of them at once. Segments that the cache has are taken from there as they are,
 * without a look at their files; the others are read and compressed.
 * @throws BrokenLayer; SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
 */
export async function* packLayer(
  segments: readonly LayerSegment[],
  cache: LayerCache,
  stored: ReadonlyMap<string, StoredSegment>,
  signal?: AbortSignal,
): AsyncGenerator<LayerBlock, void, undefined> {
  const packers = new PartPackers();
  const layers = new StoredLayers(cache);

  function* started(): Generator<Running, void, undefined> {
    for (const segment of segments) {
      const known = segment.key === undefined ? undefined : stored.get(segment.key);
      if (known === undefined) for (const part of partsOf(segment.entries)) yield running(segment, packers.pack(part));
      else for (const blocks of layers.read(known)) yield running(segment, blocks);
    }
  }
  async function* finished(work: Running): AsyncGenerator<LayerBlock, void, undefined> {
    while (!work.settled && (await packers.help())) signal?.throwIfAborted();
    for (const block of await work.blocks) yield { segment: work.segment, ...block };
    signal?.throwIfAborted();
  }

  const queue: Running[] = [];
  try {
    for (const work of started()) {
      queue.push(work);
      if (queue.length < partsInFlight) continue;
      const first = queue.shift();
      if (first !== undefined) yield* finished(first);
    }
    for (const work of queue) yield* finished(work);
    yield { segment: undefined, ...packers.packBlock(endOfArchive) };
  } finally {
    await packers.close();
    await layers.close();
  }
}

function running(segment: LayerSegment, blocks: Promise<readonly PackedBlock[]>): Running {
  const work = { segment, blocks, settled: false };
  const settle = (): void => {
    work.settled = true;
  };
  // A failure is reported when its turn comes, which it may never do.
  blocks.then(settle, settle);
  return work;
}
