/* How deflate writes lengths and distances (RFC 1951, 3.2.5): as a symbol for a range of them, and extra bits for the place in it. */

/** Of a match, in bytes. */
export const shortestMatch = 3;
export const longestMatch = 258;
export const farthestMatch = 32_768;

/** The literals come first among the symbols that stand for literals and lengths. */
export const endOfBlock = 256;
export const firstLength = 257;
export const literalSymbols = 286;
export const distanceSymbols = 30;

/** Ranges of numbers that follow each other. */
interface Ranges {
  /** The first number of each. */
  readonly base: Uint16Array;
  /** How many bits tell which of a range's numbers it is. */
  readonly extraBits: Uint8Array;
}

export const lengthRanges = ranges(29, shortestMatch, (index) => (index < 8 ? 0 : (index >> 2) - 1));
export const distanceRanges = ranges(distanceSymbols, 1, (index) => (index < 4 ? 0 : (index >> 1) - 1));
// The longest length has a symbol of its own, though the range before it would have had a number left.
lengthRanges.base[28] = longestMatch;
lengthRanges.extraBits[28] = 0;

/** For each length, which range it is in. */
export const lengthIndex = Uint8Array.from({ length: longestMatch + 1 }, (_, length) => indexIn(lengthRanges, length));

// Of distances above 256 the ranges are that wide that the lowest 7 bits do not matter.
const nearDistances = Uint8Array.from({ length: 256 }, (_, distance) => indexIn(distanceRanges, distance + 1));
const farDistances = Uint8Array.from({ length: 256 }, (_, high) => indexIn(distanceRanges, (high << 7) + 1));

/** Which range a distance is in. */
export function distanceIndex(distance: number): number {
  const offset = distance - 1;
  return (offset < 256 ? nearDistances[offset] : farDistances[offset >> 7]) ?? 0;
}

function ranges(count: number, first: number, bitsOf: (index: number) => number): Ranges {
  const extraBits = Uint8Array.from({ length: count }, (_, index) => bitsOf(index));
  const base = new Uint16Array(count);
  let next = first;
  extraBits.forEach((bits, index) => {
    base[index] = next;
    next += 1 << bits;
  });
  return { base, extraBits };
}

function indexIn({ base }: Ranges, value: number): number {
  let index = 0;
  while (index + 1 < base.length && (base[index + 1] ?? 0) <= value) index++;
  return index;
}
