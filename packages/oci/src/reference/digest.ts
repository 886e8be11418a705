import { createHash } from 'node:crypto';

/** Hexadecimal digits of each algorithm a reference may name; others are refused, as nobody could check them. */
export const digestLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** True for `algorithm:hex` of a known algorithm, with all its digits, in lower case. */
export function isDigest(text: string): boolean {
  const colon = text.indexOf(':');
  const hex = text.slice(colon + 1);
  return hex.length === digestLengths.get(text.slice(0, Math.max(colon, 0))) && /^[0-9a-f]+$/.test(hex);
}

/** Whether this is the digest of these bytes. */
export function isDigestOf(digest: string, bytes: Uint8Array): boolean {
  return digestOf(bytes, digest.split(':')[0]) === digest;
}

/** The digest of these bytes, `sha256:…` unless another of the known algorithms is named. */
export function digestOf(bytes: Uint8Array, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}
