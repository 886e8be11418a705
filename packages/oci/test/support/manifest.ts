import { digestOf } from '@slipway/oci';
import type { ServerAnswer } from '@slipway/testing';

export const mediaType = 'application/vnd.oci.image.manifest.v1+json';
export const manifest = JSON.stringify({ schemaVersion: 2, mediaType });
export const digest = digestOf(Buffer.from(manifest));
/** What a client is to make of `manifestAnswer`. */
export const descriptor = { digest, mediaType, size: manifest.length };

/** The answer of a registry that does all it should; headers can be changed, or left out as undefined. */
export function manifestAnswer(headers: Readonly<Record<string, string | undefined>> = {}): ServerAnswer {
  const all = {
    'content-type': mediaType,
    'content-length': String(manifest.length),
    'docker-content-digest': digest,
    ...headers,
  };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { headers: Object.fromEntries(given), body: manifest };
}
