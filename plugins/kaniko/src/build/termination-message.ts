import { ImageReference } from '@slipway/oci';

/**
 * The digest that the executor reported for the tags. Its message has a line `registry/repository@sha256:…` for each destination; pushes
 * to a cache write lines of their repository into the same place, so only lines of the requested repositories count.
 * @returns undefined where the message has no such line, or lines that disagree
 */
export function reportedDigest(message: string, tags: readonly ImageReference[]): string | undefined {
  const wanted = new Set(tags.map((tag) => tag.name));
  const digests = new Set<string>();
  for (const line of message.split('\n')) {
    const reference = parse(line.trim());
    if (reference?.digest !== undefined && wanted.has(reference.name)) digests.add(reference.digest);
  }
  return digests.size === 1 ? [...digests][0] : undefined;
}

function parse(text: string): ImageReference | undefined {
  try {
    return text === '' ? undefined : ImageReference.parse(text);
  } catch {
    return undefined;
  }
}
