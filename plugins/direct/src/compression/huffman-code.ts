/** A prefix code, as deflate describes it: by the lengths of its words alone. */
export interface HuffmanCode {
  /** Of each symbol, in bits; 0 of one that does not occur. */
  readonly lengths: Uint8Array;
  /** Of each symbol, its word with the first bit lowest. */
  readonly words: Uint16Array;
}

const longestWord = 15;

/** A code for symbols that occur so often. At least two have a word: some decoders refuse a code of a single one. */
export function huffmanCode(frequencies: Int32Array, limit: number): HuffmanCode {
  const lengths = codeLengths(frequencies, limit);
  return { lengths, words: codeWords(lengths) };
}

/** The lengths of the words, none longer than the limit. */
export function codeLengths(frequencies: Int32Array, limit: number): Uint8Array {
  const lengths = new Uint8Array(frequencies.length);
  const occurring = occurringSymbols(frequencies);
  const depths = leafDepths(occurring.map((symbol) => frequencies[symbol] ?? 0));
  // Symbols that occur more often have words that are not longer.
  let index = occurring.length;
  shortened(depths, limit).forEach((count, length) => {
    for (let left = count; left > 0; left--) lengths[occurring[--index] ?? 0] = length;
  });
  return lengths;
}

/** The rarest first. */
function occurringSymbols(frequencies: Int32Array): number[] {
  const symbols: number[] = [];
  frequencies.forEach((frequency, symbol) => {
    if (frequency > 0) symbols.push(symbol);
  });
  for (let symbol = 0; symbols.length < 2; symbol++) if (!symbols.includes(symbol)) symbols.push(symbol);
  return symbols.sort((one, other) => (frequencies[one] ?? 0) - (frequencies[other] ?? 0) || one - other);
}

/** How deep each leaf lies in the tree of Huffman, from the two rarest on joined pair by pair. */
function leafDepths(weights: readonly number[]): number[] {
  const count = weights.length;
  const nodes = [...weights];
  const parents = new Array<number>(2 * count - 1).fill(0);
  let leaf = 0;
  let inner = count;
  // What is joined gets heavier and heavier: the lightest is the next leaf or the next node that was joined.
  const lightest = (): number => {
    const isLeaf = leaf < count && (inner >= nodes.length || (nodes[leaf] ?? 0) <= (nodes[inner] ?? 0));
    return isLeaf ? leaf++ : inner++;
  };
  while (nodes.length < 2 * count - 1) {
    const [one, other] = [lightest(), lightest()];
    parents[one] = parents[other] = nodes.length;
    nodes.push((nodes[one] ?? 0) + (nodes[other] ?? 0));
  }
  const depths = new Array<number>(2 * count - 1).fill(0);
  for (let node = 2 * count - 3; node >= 0; node--) depths[node] = (depths[parents[node] ?? 0] ?? 0) + 1;
  return depths.slice(0, count);
}

/** How many words there are of each length where none may be longer than the limit. */
function shortened(depths: readonly number[], limit: number): number[] {
  const counts = new Array<number>(limit + 1).fill(0);
  for (const depth of depths) counts[Math.min(depth, limit)] = (counts[Math.min(depth, limit)] ?? 0) + 1;
  // Words that were cut take more room than there is. A shorter word that becomes longer makes room for one of the longest beside it.
  let room = counts.reduce((sum, count, length) => sum + (length === 0 ? 0 : count << (limit - length)), 0);
  for (; room > 1 << limit; room--) {
    let length = limit - 1;
    while (counts[length] === 0) length--;
    counts[length] = (counts[length] ?? 0) - 1;
    counts[length + 1] = (counts[length + 1] ?? 0) + 2;
    counts[limit] = (counts[limit] ?? 0) - 1;
  }
  return counts;
}

/** RFC 1951, 3.2.2: words of one length follow each other in the order of their symbols. */
function codeWords(lengths: Uint8Array): Uint16Array {
  const next = new Uint16Array(longestWord + 2);
  for (const length of lengths) if (length > 0) next[length + 1] = (next[length + 1] ?? 0) + 1;
  for (let length = 1; length <= longestWord + 1; length++) {
    next[length] = ((next[length - 1] ?? 0) + (next[length] ?? 0)) << 1;
  }
  const words = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    words[symbol] = reversed(next[length] ?? 0, length);
    next[length] = (next[length] ?? 0) + 1;
  });
  return words;
}

function reversed(word: number, length: number): number {
  let bits = 0;
  for (let index = 0; index < length; index++) bits |= ((word >> index) & 1) << (length - 1 - index);
  return bits;
}
