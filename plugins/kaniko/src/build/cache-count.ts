import { stripVTControlCharacters } from 'node:util';
import type { CacheUse } from '@slipway/core';

const hit = /^INFO\[\d+\] Using caching version of cmd: /;
const miss = /^INFO\[\d+\] No cached layer found for cmd /;

/** Counts by the executor's log how often its cache had what an instruction makes. */
export class CacheCount {
  #hits = 0;
  #misses = 0;

  line(line: string): void {
    const text = stripVTControlCharacters(line);
    if (hit.test(text)) this.#hits++;
    else if (miss.test(text)) this.#misses++;
  }

  /** Undefined where no instruction asked the cache. */
  get use(): CacheUse | undefined {
    return this.#hits + this.#misses === 0 ? undefined : { hits: this.#hits, misses: this.#misses };
  }
}
