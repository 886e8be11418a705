import type { EquivalenceCase, Oracle } from './equivalence-case.js';
import type { ImageFacts } from './image-facts.js';

type Differences = Record<string, [ours: string | undefined, theirs: string | undefined]>;

/** What differs between two images, by path or field. */
export function differencesOf(ours: ImageFacts, theirs: ImageFacts): Differences {
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  const different = keys.filter((key) => ours.get(key) !== theirs.get(key));
  return Object.fromEntries(different.map((key) => [key, [ours.get(key), theirs.get(key)]]));
}

/** What is known to differ. */
export function knownDifferences({ differences = [] }: EquivalenceCase, oracle: Oracle): Differences {
  const all = differences.filter((difference) => difference.of === oracle);
  return Object.assign({}, ...all.map(({ found }) => found)) as Differences;
}
