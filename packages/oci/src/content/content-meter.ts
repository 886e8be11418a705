import { createHash, type Hash } from 'node:crypto';

import type { Descriptor } from './descriptor.js';

/** Counts and hashes content that passes by. */
export class ContentMeter {
  readonly #algorithm: string;
  readonly #hash: Hash;
  #size = 0;

  /** @param algorithm of the digest, e.g. `sha256` */
  constructor(algorithm = 'sha256') {
    this.#algorithm = algorithm;
    this.#hash = createHash(algorithm);
  }

  add(chunk: Uint8Array): void {
    this.#size += chunk.length;
    this.#hash.update(chunk);
  }

  get size(): number {
    return this.#size;
  }

  /** To be called once, in the end. */
  digest(): string {
    return `${this.#algorithm}:${this.#hash.digest('hex')}`;
  }
}

/**
 * Passes content on as it comes, and fails where it is not what the descriptor promises: as soon as it is too long, else at its end.
 *
 * @param broken makes the error of a reason, which is a sentence
 */
export async function* verifiedContent(
  descriptor: Descriptor,
  content: AsyncIterable<Buffer>,
  broken: (reason: string) => Error,
): AsyncGenerator<Buffer, void, undefined> {
  const meter = new ContentMeter(descriptor.digest.split(':')[0]);
  for await (const chunk of content) {
    meter.add(chunk);
    if (meter.size > descriptor.size) throw broken(`${descriptor.digest} is longer than ${descriptor.size} bytes.`);
    yield chunk;
  }
  if (meter.size < descriptor.size) {
    throw broken(`${descriptor.digest} ends after ${meter.size} of ${descriptor.size} bytes.`);
  }
  const digest = meter.digest();
  if (digest !== descriptor.digest) throw broken(`What should be ${descriptor.digest} is the content of ${digest}.`);
}
