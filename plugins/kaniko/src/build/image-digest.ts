import { SlipwayError } from '@slipway/core';
import type { ImageReference } from '@slipway/oci';
import type { ExecutorRun } from './executor-run.js';
import type { RegistryCheck } from './registry-check.js';

// The build's own client removes everything as soon as the registry has the image; others who follow may see only that.
const removed = new Set(['BUILD_DELETED', 'POD_LOST']);

/**
 * The digest of the image that an executor builds. A cluster tells of a container's end up to a second after it; a registry that has,
 * under every tag, what it did not have before tells at once that the build is done.
 * @param check undefined where the registry is not known here: then the executor's end alone counts
 * @throws SlipwayError what the build failed with
 */
export async function imageDigest(
  run: ExecutorRun,
  tags: readonly ImageReference[],
  check: RegistryCheck | undefined,
  signal: AbortSignal,
): Promise<string> {
  const reported = run.digest(tags);
  if (check === undefined) return reported;
  const pushed = run
    .pushed(tags)
    .then(async (digest) => ((await check.newDigest(signal)) === digest ? digest : reported));
  const ended = reported.catch(async (error: unknown) => {
    const digest = SlipwayError.is(error) && removed.has(error.code) ? await check.newDigest(signal) : undefined;
    if (digest === undefined) throw error;
    return digest;
  });
  // Whichever comes second has nobody to tell.
  for (const result of [pushed, ended]) result.catch(() => undefined);
  return Promise.race([pushed, ended]);
}
