import { BitWriter } from './bit-writer.js';
import { blockHeader, type BlockHeader } from './block-header.js';
import {
  distanceIndex,
  distanceRanges,
  endOfBlock,
  firstLength,
  lengthIndex,
  lengthRanges,
  longestMatch,
  shortestMatch,
} from './deflate-alphabet.js';
import { codeLengths, type HuffmanCode, huffmanCode } from './huffman-code.js';
import { MatchFinder, Tokens } from './match-finder.js';

// Each piece has a code of its own, or is stored: what is unlike its surroundings, such as an image among texts, costs only itself.
const pieceSize = 64 * 1024;
const probeSize = 8 * 1024;
const longestLiteral = 15;
// With its extra bits, of which there are 13 at most, it is written at once.
const longestDistance = 11;
const largestStored = 0xffff;
const storedOverhead = 5;

/**
 * Compresses blocks to pieces of a deflate stream (RFC 1951), each of which ends at a whole byte and knows nothing of the others. Written
 * here since the same block has to become the same bytes on every machine: what zlib makes of it differs between its versions and forks,
 * and Node is built with many of them. About as quick as zlib's fastest level, and as small.
 */
export class Deflate {
  private readonly tokens = new Tokens(pieceSize);
  private readonly finder = new MatchFinder();
  private scratch = new Uint8Array(0);

  /** Memory that belongs to the caller, all of its buffer. */
  compress(block: Uint8Array): Buffer {
    const most = compressedBound(block.length);
    if (this.scratch.length < most + 4) this.scratch = new Uint8Array(most + 4);
    const writer = new BitWriter(this.scratch);
    this.finder.begin(block);
    for (let start = 0; start < block.length; start += pieceSize) {
      this.compressPiece(block, start, Math.min(block.length, start + pieceSize), writer);
    }
    // An empty stored block ends at a whole byte.
    store(new Uint8Array(0), writer);
    const compressed = Buffer.allocUnsafeSlow(writer.position);
    compressed.set(this.scratch.subarray(0, writer.position));
    return compressed;
  }

  private compressPiece(block: Uint8Array, start: number, end: number, writer: BitWriter): void {
    const { tokens, finder } = this;
    const probeEnd = Math.min(end, start + probeSize);
    tokens.clear();
    finder.find(start, probeEnd, tokens);
    if (probeEnd < end) {
      if (isIncompressible(tokens, probeEnd - start)) return store(block.subarray(start, end), writer);
      finder.find(probeEnd, end, tokens);
    }
    const header = blockHeader(
      huffmanCode(tokens.literalFrequencies, longestLiteral),
      huffmanCode(tokens.distanceFrequencies, longestDistance),
    );
    if (header.size + contentSize(tokens, header) >= storedSize(end - start)) {
      return store(block.subarray(start, end), writer);
    }
    header.write(writer);
    writeTokens(tokens, header, writer);
  }
}

/** How large a block can become, in bytes. */
function compressedBound(length: number): number {
  return length + storedOverhead * (Math.ceil(length / pieceSize) * Math.ceil(pieceSize / largestStored) + 1);
}

/** In bits, at most. */
function storedSize(length: number): number {
  return 8 * (length + storedOverhead * Math.ceil(length / largestStored));
}

/** Whether hardly anything was found in so many bytes, and their values are spread evenly. */
function isIncompressible({ count, literalFrequencies }: Tokens, length: number): boolean {
  if (count < length * 0.98) return false;
  const lengths = codeLengths(literalFrequencies, longestLiteral);
  return sum(literalFrequencies, lengths) >= 8 * length * 0.98;
}

/** In bits. */
function contentSize(
  { literalFrequencies, distanceFrequencies }: Tokens,
  { literals, distances }: BlockHeader,
): number {
  return (
    sum(literalFrequencies, literals.lengths) +
    sum(distanceFrequencies, distances.lengths) +
    sum(literalFrequencies.subarray(firstLength), lengthRanges.extraBits) +
    sum(distanceFrequencies, distanceRanges.extraBits)
  );
}

function sum(frequencies: Int32Array, bits: Uint8Array): number {
  let total = 0;
  for (let symbol = 0; symbol < frequencies.length; symbol++) total += (frequencies[symbol] ?? 0) * (bits[symbol] ?? 0);
  return total;
}

/** Of each length its symbol's word and its extra bits, which are written at once. */
function lengthWords({ words, lengths }: HuffmanCode): { readonly bits: Uint32Array; readonly counts: Uint8Array } {
  const bits = new Uint32Array(longestMatch + 1);
  const counts = new Uint8Array(longestMatch + 1);
  for (let length = shortestMatch; length <= longestMatch; length++) {
    const range = lengthIndex[length] ?? 0;
    const wordLength = lengths[firstLength + range] ?? 0;
    bits[length] = (words[firstLength + range] ?? 0) | ((length - (lengthRanges.base[range] ?? 0)) << wordLength);
    counts[length] = wordLength + (lengthRanges.extraBits[range] ?? 0);
  }
  return { bits, counts };
}

function writeTokens(
  { list, count: tokenCount }: Tokens,
  { literals, distances }: BlockHeader,
  writer: BitWriter,
): void {
  const matchLengths = lengthWords(literals);
  const { view } = writer;
  let { position, bits, count } = writer;
  for (let index = 0; index < tokenCount; index++) {
    const token = list[index] ?? 0;
    if (token < endOfBlock) {
      bits |= (literals.words[token] ?? 0) << count;
      count += literals.lengths[token] ?? 0;
    } else {
      const length = token >>> 16;
      bits |= (matchLengths.bits[length] ?? 0) << count;
      count += matchLengths.counts[length] ?? 0;
      view.setInt32(position, bits, true);
      position += count >> 3;
      bits >>>= count & ~7;
      count &= 7;

      const distance = token & 0xffff;
      const range = distanceIndex(distance);
      bits |= (distances.words[range] ?? 0) << count;
      count += distances.lengths[range] ?? 0;
      // The word and the extra bits have room beside each other, as no word of a distance is longer than 11 bits.
      bits |= (distance - (distanceRanges.base[range] ?? 0)) << count;
      count += distanceRanges.extraBits[range] ?? 0;
    }
    view.setInt32(position, bits, true);
    position += count >> 3;
    bits >>>= count & ~7;
    count &= 7;
  }
  Object.assign(writer, { position, bits, count });
  writer.write(literals.words[endOfBlock] ?? 0, literals.lengths[endOfBlock] ?? 0);
}

/** The bytes as they are, the last of them at the end of a byte. */
function store(bytes: Uint8Array, writer: BitWriter): void {
  let start = 0;
  do {
    const part = bytes.subarray(start, start + largestStored);
    writer.write(0, 3);
    writer.align();
    writer.write(part.length, 16);
    writer.write(part.length ^ 0xffff, 16);
    writer.writeBytes(part);
    start += part.length;
  } while (start < bytes.length);
}
