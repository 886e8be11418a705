/* Packs parts of layers in a thread of its own. */
import { parentPort } from 'node:worker_threads';
import type { LayerPart } from './layer-part.js';
import { type PackedBlock, PartPacker } from './pack-part.js';

/** What comes of a part; undefined where it failed. */
export type PackAnswer = readonly PackedBlock[] | undefined;

const packer = new PartPacker();

async function answer(part: LayerPart): Promise<void> {
  const blocks = await packer.pack(part).catch(() => undefined);
  const memory = blocks?.flatMap(({ plain, packed }) => [plain.buffer as ArrayBuffer, packed.buffer as ArrayBuffer]);
  parentPort?.postMessage(blocks satisfies PackAnswer, memory);
}

// One after the other: answers come in the order of the parts.
let last = Promise.resolve();
parentPort?.on('message', (part: LayerPart) => {
  last = last.then(() => answer(part));
});
