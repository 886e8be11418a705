import { createHash } from 'node:crypto';
import type { V1Job } from '@kubernetes/client-node';
import type { BuildContext, BuildRequest } from '@slipway/core';
import { requestedPlatforms } from '../platforms/requested-platforms.js';
import { detachedLabel, requestAnnotation, wholeLabel } from './build-labels.js';

export interface JobMarks {
  /** Seconds for which the finished Job of a build that its client leaves to itself stays; undefined where the client stays. */
  readonly keptSeconds?: number | undefined;
  /** Whether the Job first waits for its turn. */
  readonly queued: boolean;
  /** What was asked for, where the build's id was chosen: see `requestDigest`. */
  readonly request?: string | undefined;
  /** The id of the build for several platforms that it is a part of. */
  readonly whole?: string | undefined;
}

/** The Job of a build with what its life depends on: who waits for it, and whether it may begin at once. */
export function markedJob(job: V1Job, { keptSeconds, queued, request, whole }: JobMarks): V1Job {
  const { metadata, spec } = job;
  return {
    ...job,
    metadata: {
      ...metadata,
      labels: {
        ...metadata?.labels,
        ...(keptSeconds === undefined ? {} : { [detachedLabel]: 'true' }),
        ...(whole === undefined ? {} : { [wholeLabel]: whole }),
      },
      annotations: { ...metadata?.annotations, ...(request === undefined ? {} : { [requestAnnotation]: request }) },
    },
    ...(spec === undefined
      ? {}
      : {
          spec: {
            ...spec,
            ...(keptSeconds === undefined ? {} : { ttlSecondsAfterFinished: keptSeconds }),
            ...(queued ? { suspend: true } : {}),
          },
        }),
  };
}

/**
 * A digest of what a build is asked for, the content of its context included, of a build whose id was chosen by the caller; undefined for
 * others, whose ids are never asked for again. Of secrets only the names count.
 */
export async function requestDigest(
  request: BuildRequest,
  context: BuildContext,
  tags: readonly string[],
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (request.buildId === undefined) return undefined;
  const { buildArgs = {}, labels = {}, annotations = {}, secrets = [], cache, target } = request;
  const sorted = [buildArgs, labels, annotations].map((map) => Object.entries(map).sort());
  const ids = secrets.map(({ id }) => id).sort();
  const platforms = requestedPlatforms(request);
  const hash = createHash('sha256');
  hash.update(JSON.stringify([context.dockerfile, tags, sorted, ids, cache, target, platforms]));
  for await (const chunk of context.tar({ signal })) hash.update(chunk);
  return `sha256:${hash.digest('hex')}`;
}
