import { ContentMeter } from '../content/content-meter.js';

/** More is asked for again than was kept. */
export class LostContent extends Error {}

/**
 * Content that can be had in one pass only, and yet from a little before where it stands: what was given last is kept, so that a
 * broken transfer can go on. Its digest is made on the way.
 */
export class RewindableContent {
  readonly #content: AsyncIterator<Buffer>;
  readonly #window: number;
  readonly #meter = new ContentMeter();
  #kept: Buffer[] = [];
  #keptFrom = 0;
  #isEnded = false;
  #digest: string | undefined;
  #advancing: Promise<void> | undefined;

  /** @param window how many bytes are kept at least, once so many were given */
  constructor(content: AsyncIterable<Buffer>, window: number) {
    this.#content = content[Symbol.asyncIterator]();
    this.#window = window;
  }

  /** In bytes; undefined until the content was read to its end, as `digest`. */
  get size(): number | undefined {
    return this.#isEnded ? this.#meter.size : undefined;
  }

  get digest(): string | undefined {
    if (this.#isEnded) this.#digest ??= this.#meter.digest();
    return this.#digest;
  }

  /** Reads ahead until this many bytes are here, at most the window, or all of them. */
  async readAhead(bytes: number): Promise<void> {
    while (!this.#isEnded && this.#meter.size < bytes) await this.#advance();
  }

  /**
   * What comes from this byte on. A pass that was left in the middle does not disturb the next one.
   *
   * @throws LostContent
   */
  async *from(offset: number): AsyncGenerator<Buffer, void, undefined> {
    for (let position = offset; ;) {
      if (position < this.#keptFrom || position > this.#meter.size) throw new LostContent();
      const chunk = this.#at(position);
      if (chunk !== undefined) {
        position += chunk.length;
        yield chunk;
      } else if (this.#isEnded) return;
      else await this.#advance();
    }
  }

  /** Tells the content that nobody reads on; never fails, and waits for nothing. */
  close(): void {
    if (!this.#isEnded) void this.#content.return?.()?.catch(() => undefined);
  }

  #at(position: number): Buffer | undefined {
    let start = this.#keptFrom;
    for (const chunk of this.#kept) {
      if (position < start + chunk.length) return chunk.subarray(position - start);
      start += chunk.length;
    }
    return undefined;
  }

  /** One chunk more; who asks while one is on its way waits for the same. */
  #advance(): Promise<void> {
    this.#advancing ??= this.#next().finally(() => {
      this.#advancing = undefined;
    });
    return this.#advancing;
  }

  async #next(): Promise<void> {
    const result: IteratorResult<Buffer, unknown> = await this.#content.next();
    if (result.done === true) {
      this.#isEnded = true;
      return;
    }
    this.#meter.add(result.value);
    this.#kept.push(result.value);
    for (let first = this.#kept[0]; first !== undefined; first = this.#kept[0]) {
      if (this.#meter.size - this.#keptFrom - first.length < this.#window) break;
      this.#keptFrom += first.length;
      this.#kept.shift();
    }
  }
}
