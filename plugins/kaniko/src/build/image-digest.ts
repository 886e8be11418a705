import { SlipwayError } from '@slipway/core';
import type { ImageReference } from '@slipway/oci';
import type { ExecutorRun } from './executor-run.js';
import type { RegistryCheck } from './registry-check.js';

// The build's own client removes everything as soon as the registry has the image; others who follow may see only that.
const removed = new Set(['BUILD_DELETED', 'POD_LOST', 'RESULT_GONE']);

/**
 * The digest of the image that an executor builds. A cluster tells of a container's end up to a second after it; where the log says that
 * every tag was pushed, and the registry has that image under every tag and did not before, the build is done.
 * @param check undefined where the registry is not known here: then the executor's end alone counts
 * @throws SlipwayError what the build failed with; `BUILD_OUTCOME_UNKNOWN`
 */
export async function imageDigest(
  run: ExecutorRun,
  tags: readonly ImageReference[],
  check: RegistryCheck | undefined,
  signal: AbortSignal,
): Promise<string> {
  const ended = digestAtEnd(run, tags, check, signal);
  if (check === undefined) return ended;
  const pushed = run
    .pushed(tags)
    .then(async (digest) => ((await check.newDigest(signal)) === digest ? digest : await ended));
  // Whichever comes second has nobody to tell.
  for (const result of [pushed, ended]) result.catch(() => undefined);
  return Promise.race([pushed, ended]);
}

/**
 * The digest that the executor reported at its end. Where it was removed before that was seen, what its log says counts, if the registry
 * bears it out: that the tags name a new image alone may be the work of another build that pushes to them.
 * @throws SlipwayError what the build failed with; `BUILD_OUTCOME_UNKNOWN`
 */
export async function digestAtEnd(
  run: ExecutorRun,
  tags: readonly ImageReference[],
  check: RegistryCheck | undefined,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await run.digest(tags);
  } catch (error) {
    if (!SlipwayError.is(error) || !removed.has(error.code)) throw error;
    await run.drained();
    const said = run.saidPushed(tags);
    const found = await check?.newDigest(signal);
    if (said === undefined && found === undefined) throw error;
    if (said !== undefined && said === found) return said;
    throw outcomeUnknown(error, tags, said, found);
  }
}

function outcomeUnknown(
  cause: SlipwayError,
  tags: readonly ImageReference[],
  said: string | undefined,
  found: string | undefined,
): SlipwayError {
  return new SlipwayError({
    code: 'BUILD_OUTCOME_UNKNOWN',
    message: 'The build was removed from the cluster before it was seen how it ended.',
    reason: `${whatIsKnown(said, found)} ${cause.reason ?? cause.message}`,
    fix: `Look at what ${tags.join(', ')} ${tags.length === 1 ? 'names' : 'name'} in the registry, or build again.`,
    cause,
  });
}

function whatIsKnown(said: string | undefined, found: string | undefined): string {
  if (said === undefined) {
    return `The registry has a new image under every tag, ${found}, but the log, as far as it could be read, does not say that this build pushed it: another may have.`;
  }
  if (found === undefined) {
    return `Its log says that it pushed ${said}, but that the registry has this image under every tag, and did not before, could not be confirmed.`;
  }
  return `Its log says that it pushed ${said}, but the registry now has ${found} under every tag: another build has pushed to them as well.`;
}
