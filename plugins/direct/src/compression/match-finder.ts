import {
  distanceIndex,
  distanceSymbols,
  endOfBlock,
  farthestMatch,
  firstLength,
  lengthIndex,
  literalSymbols,
  longestMatch,
} from './deflate-alphabet.js';

const hashBits = 15;
// Knuth's multiplicative hash: 2^32 divided by the golden ratio.
const multiplier = 0x9e3779b1;
// Shorter ones cost about what they save.
const sought = 4;
// After so many bytes without a match, the search takes longer steps.
const patience = 6;

/** The symbols that a piece is written as, and how often each occurs. */
export class Tokens {
  /** A literal as it is; a match as its length, 16 bits higher, and its distance. */
  readonly list: Uint32Array;
  readonly literalFrequencies = new Int32Array(literalSymbols);
  readonly distanceFrequencies = new Int32Array(distanceSymbols);
  count = 0;

  constructor(largestPiece: number) {
    this.list = new Uint32Array(largestPiece);
  }

  clear(): void {
    this.count = 0;
    this.literalFrequencies.fill(0);
    this.distanceFrequencies.fill(0);
    this.literalFrequencies[endOfBlock] = 1;
  }
}

/** Finds in a block what stood in it before: with one look at the latest place where the same four bytes began. */
export class MatchFinder {
  // Positions are counted on from block to block, so that those of earlier blocks need not be cleared.
  private readonly latest = new Int32Array(1 << hashBits);
  private origin = 1;
  private view: DataView = new DataView(new ArrayBuffer(0));
  // The memory of an earlier block may be gone.
  private length = 0;

  /** Begins a block, which knows nothing of others. */
  begin(block: Uint8Array): void {
    this.origin += this.length;
    if (this.origin > 2 ** 30) {
      this.latest.fill(0);
      this.origin = 1;
    }
    this.view = new DataView(block.buffer, block.byteOffset, block.length);
    this.length = block.length;
  }

  /** Adds the tokens of a part of the block. Parts follow each other. */
  find(start: number, end: number, tokens: Tokens): void {
    const { view, latest, origin } = this;
    const { list, literalFrequencies, distanceFrequencies } = tokens;
    const lastStart = end - sought;
    let { count } = tokens;
    let position = start;
    let misses = 0;

    while (position <= lastStart) {
      const word = view.getInt32(position, true);
      const slot = Math.imul(word, multiplier) >>> (32 - hashBits);
      const candidate = (latest[slot] ?? 0) - origin;
      latest[slot] = position + origin;
      if (candidate < 0 || position - candidate > farthestMatch || view.getInt32(candidate, true) !== word) {
        const stepEnd = Math.min(lastStart, position + (misses++ >> patience)) + 1;
        while (position < stepEnd) {
          const literal = view.getUint8(position++);
          list[count++] = literal;
          literalFrequencies[literal] = (literalFrequencies[literal] ?? 0) + 1;
        }
        continue;
      }
      misses = 0;
      const length = this.matchLength(candidate, position, Math.min(end - position, longestMatch));
      const distance = position - candidate;
      list[count++] = (length << 16) | distance;
      const lengthSymbol = firstLength + (lengthIndex[length] ?? 0);
      literalFrequencies[lengthSymbol] = (literalFrequencies[lengthSymbol] ?? 0) + 1;
      const distanceSymbol = distanceIndex(distance);
      distanceFrequencies[distanceSymbol] = (distanceFrequencies[distanceSymbol] ?? 0) + 1;
      position += length;
      // Not each place within a match is remembered: that takes longer than it gains.
      if (position <= lastStart) {
        this.remember(position - length + 1);
        this.remember(position - 2);
      }
    }
    while (position < end) {
      const literal = view.getUint8(position++);
      list[count++] = literal;
      literalFrequencies[literal] = (literalFrequencies[literal] ?? 0) + 1;
    }
    tokens.count = count;
  }

  private remember(position: number): void {
    const slot = Math.imul(this.view.getInt32(position, true), multiplier) >>> (32 - hashBits);
    this.latest[slot] = position + this.origin;
  }

  /** How much is alike from two places on, of which four bytes are. */
  private matchLength(candidate: number, position: number, most: number): number {
    const { view } = this;
    let length = sought;
    for (; length + 4 <= most; length += 4) {
      const difference = view.getInt32(candidate + length, true) ^ view.getInt32(position + length, true);
      if (difference !== 0) return length + ((31 - Math.clz32(difference & -difference)) >> 3);
    }
    while (length < most && view.getUint8(candidate + length) === view.getUint8(position + length)) length++;
    return length;
  }
}
