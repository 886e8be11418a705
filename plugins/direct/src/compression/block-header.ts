import type { BitWriter } from './bit-writer.js';
import { endOfBlock } from './deflate-alphabet.js';
import { type HuffmanCode, huffmanCode } from './huffman-code.js';

// RFC 1951, 3.2.7: the lengths of both codes' words, written with a third code, whose own are written in this order.
const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const longestWord = 7;
const lengthBits = 3;
const countBits = [5, 5, 4] as const;
const dynamicCodes = 2;

/** Symbols that stand for a length that is repeated. */
const repeats = {
  last: { symbol: 16, least: 3, most: 6, bits: 2 },
  zeros: { symbol: 17, least: 3, most: 10, bits: 3 },
  manyZeros: { symbol: 18, least: 11, most: 138, bits: 7 },
} as const;

/** A symbol of the third code, and the extra bits behind it. */
interface LengthToken {
  readonly symbol: number;
  readonly extra: number;
  readonly bits: number;
}

/** The beginning of a block with codes of its own. */
export interface BlockHeader {
  readonly literals: HuffmanCode;
  readonly distances: HuffmanCode;
  /** In bits. */
  readonly size: number;
  write(writer: BitWriter): void;
}

export function blockHeader(literals: HuffmanCode, distances: HuffmanCode): BlockHeader {
  const literalLengths = withoutTrailingZeros(literals.lengths, endOfBlock + 1);
  const distanceLengths = withoutTrailingZeros(distances.lengths, 1);
  const tokens = lengthTokens([...literalLengths, ...distanceLengths]);
  const frequencies = new Int32Array(order.length);
  for (const { symbol } of tokens) frequencies[symbol] = (frequencies[symbol] ?? 0) + 1;
  const code = huffmanCode(frequencies, longestWord);
  let codeCount = order.length;
  while (codeCount > 4 && code.lengths[order[codeCount - 1] ?? 0] === 0) codeCount--;

  const sizeOf = ({ symbol, bits }: LengthToken): number => (code.lengths[symbol] ?? 0) + bits;
  const fixedSize = 3 + countBits.reduce<number>((sum, bits) => sum + bits, 0) + lengthBits * codeCount;
  return {
    literals,
    distances,
    size: tokens.reduce((sum, token) => sum + sizeOf(token), fixedSize),
    write(writer) {
      writer.write(dynamicCodes << 1, 3);
      writer.write(literalLengths.length - (endOfBlock + 1), countBits[0]);
      writer.write(distanceLengths.length - 1, countBits[1]);
      writer.write(codeCount - 4, countBits[2]);
      for (const symbol of order.slice(0, codeCount)) writer.write(code.lengths[symbol] ?? 0, lengthBits);
      for (const { symbol, extra, bits } of tokens) {
        writer.write(code.words[symbol] ?? 0, code.lengths[symbol] ?? 0);
        writer.write(extra, bits);
      }
    },
  };
}

function withoutTrailingZeros(lengths: Uint8Array, least: number): Uint8Array {
  let count = lengths.length;
  while (count > least && lengths[count - 1] === 0) count--;
  return lengths.subarray(0, count);
}

function lengthTokens(lengths: readonly number[]): LengthToken[] {
  const tokens: LengthToken[] = [];
  for (let index = 0; index < lengths.length;) {
    const length = lengths[index] ?? 0;
    let run = 1;
    while (lengths[index + run] === length) run++;
    index += run;
    if (length > 0) {
      tokens.push({ symbol: length, extra: 0, bits: 0 });
      run--;
    }
    const usable = length > 0 ? [repeats.last] : [repeats.manyZeros, repeats.zeros];
    for (const { symbol, least, most, bits } of usable) {
      for (; run >= least; run -= Math.min(run, most))
        tokens.push({ symbol, extra: Math.min(run, most) - least, bits });
    }
    for (; run > 0; run--) tokens.push({ symbol: length, extra: 0, bits: 0 });
  }
  return tokens;
}
