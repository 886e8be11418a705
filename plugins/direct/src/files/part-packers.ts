import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { LayerPart } from './layer-part.js';
import { type PackedBlock, PartPacker } from './pack-part.js';
import type { PackAnswer } from './pack-worker.js';

// What one thread reads and compresses is hashed by the main thread, which packs too, in a quarter of the time or less.
const mostWorkers = Math.min(4, availableParallelism() - 1);
// The next part lies there when one is done, however busy the main thread is.
const partsPerWorker = 2;
// As many are packed before a thread is up.
const worthWorkers = 4;

/** How many parts are best begun before the first is waited for. */
export const partsInFlight = worthWorkers + partsPerWorker * mostWorkers;

/** A part that is to be packed. */
interface Task {
  readonly part: LayerPart;
  readonly resolve: (blocks: readonly PackedBlock[] | Promise<readonly PackedBlock[]>) => void;
}

/** Packs the parts of a layer on all cores: this thread's among them, whenever it would have to wait. `close` it in the end. */
export class PartPackers {
  private readonly own = new PartPacker();
  private readonly waiting: Task[] = [];
  private readonly workers = new Map<Worker, Task[]>();
  private room = mostWorkers;

  /** @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE */
  pack(part: LayerPart): Promise<readonly PackedBlock[]> {
    return new Promise((resolve) => {
      this.waiting.push({ part, resolve });
      if (this.waiting.length > worthWorkers && this.room > 0) this.startWorker();
      this.feedWorkers();
    });
  }

  /** Packs a part that waits, on this thread; false where none does. */
  async help(): Promise<boolean> {
    const task = this.waiting.shift();
    if (task === undefined) return false;
    this.packHere(task);
    await nextTurn(); // files in memory are read without waiting: nothing else may have let others run
    return true;
  }

  /** Packs what is no part of a segment, at once. */
  packBlock(plain: Buffer): PackedBlock {
    return this.own.packBlock(plain);
  }

  /** Ends all threads; what was not done is never done. */
  async close(): Promise<void> {
    this.room = 0;
    await Promise.all([...this.workers.keys()].map((worker) => worker.terminate()));
  }

  private packHere({ part, resolve }: Task): void {
    resolve(this.own.pack(part));
  }

  private startWorker(): void {
    this.room--;
    const worker = new Worker(new URL('pack-worker.js', import.meta.url));
    const tasks: Task[] = [];
    this.workers.set(worker, tasks);
    worker.on('message', (answer: PackAnswer) => {
      const task = tasks.shift();
      // What failed there is tried here, where the error is thrown to whom it concerns.
      if (answer === undefined && task !== undefined) this.packHere(task);
      else task?.resolve((answer ?? []).map(asBuffers));
      this.feedWorkers();
    });
    worker.on('error', () => {
      // No memory for one more thread, or none allowed: this one does it alone.
      this.room = 0;
      this.workers.delete(worker);
      for (const task of tasks.splice(0)) this.packHere(task);
    });
  }

  private feedWorkers(): void {
    for (const [worker, tasks] of this.workers) {
      while (tasks.length < partsPerWorker) {
        const task = this.waiting.shift();
        if (task === undefined) return;
        tasks.push(task);
        worker.postMessage(task.part);
      }
    }
  }
}

/** Buffers come from another thread as plain bytes. */
function asBuffers({ plain, packed, checksum }: PackedBlock): PackedBlock {
  return { plain: asBuffer(plain), packed: asBuffer(packed), checksum };
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
