import { distance } from 'fastest-levenshtein';

/** The candidate that was most likely meant by `word`, or undefined where none is close enough to suggest. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const normalized = normalize(word);
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const other = normalize(candidate);
    const shorter = Math.min(normalized.length, other.length);
    const prefix = shorter >= 3 && (other.startsWith(normalized) || normalized.startsWith(other));
    const far = prefix || isSwap(normalized, other) ? 1 : distance(normalized, other);
    if (best === undefined || far < best.distance) best = { candidate, distance: far };
  }
  // Of one letter nothing would be left.
  const allowed = normalized.length < 2 ? 0 : Math.max(1, Math.floor(normalized.length / 3));
  return best !== undefined && best.distance <= allowed ? best.candidate : undefined;
}

/** A sentence that suggests the nearest candidate, else names them all. */
export function suggestion(word: string, candidates: readonly string[]): string | undefined {
  const near = nearest(word, candidates);
  if (near !== undefined) return `Did you mean '${near}'?`;
  if (candidates.length === 0) return undefined;
  return `Known: ${[...candidates].sort().join(', ')}.`;
}

/** Whether the words differ by two neighbouring letters that changed places: one slip of the fingers, though two changes. */
function isSwap(word: string, other: string): boolean {
  const at = [...word].findIndex((letter, index) => letter !== other[index]);
  if (at < 0 || word.length !== other.length) return false;
  return word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2) === other;
}

function normalize(word: string): string {
  return word.toLowerCase().replaceAll('-', '_');
}
