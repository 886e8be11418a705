import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { BuildDetails, SlipwayError } from '@slipway/core';
import { buildRecord, buildTags, buildTimings, terminatedState } from './build-record.js';
import { CacheCount } from './cache-count.js';
import { executorFailure } from './executor-failure.js';
import { LogTail } from './log-tail.js';
import { podState } from './pod-state.js';
import { timedOut } from './timeouts.js';
import { podLost } from './waiting-verdict.js';

/** All that the cluster knows of a build. @param log what its executor has printed */
export function buildDetails(job: V1Job, pod: V1Pod | undefined, log: readonly string[]): BuildDetails {
  const record = buildRecord(job, pod);
  const { digest } = record;
  const cache = new CacheCount();
  for (const line of log) cache.line(line);
  const state = pod === undefined ? undefined : podState(pod);
  return {
    ...record,
    images:
      digest === undefined
        ? []
        : buildTags(job).map((tag) => ({ tag: tag.toString(), reference: tag.withDigest(digest).toString() })),
    timings: buildTimings(job, pod),
    cache: cache.use,
    failure: record.state === 'failed' ? errorOf(job, pod, log).toJSON() : undefined,
    waiting:
      record.state === 'starting' && state?.kind === 'pending'
        ? { reason: state.reason, message: state.message }
        : undefined,
    resources: [manifestOf(job)],
  };
}

function errorOf(job: V1Job, pod: V1Pod | undefined, log: readonly string[]): SlipwayError {
  const terminated = terminatedState(pod);
  const failed = job.status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True');
  if (failed?.reason === 'DeadlineExceeded') return timedOut(job.spec?.activeDeadlineSeconds ?? 0);
  if (terminated !== undefined) {
    const tail = new LogTail();
    for (const line of log) tail.push(line);
    return executorFailure(terminated, tail.lines);
  }
  const state = pod === undefined ? undefined : podState(pod);
  if (state?.kind === 'lost') return podLost(state.reason, state.message);
  return podLost(failed?.reason ?? 'Failed', failed?.message ?? '');
}

/** The Job as it was asked for: without what the cluster adds while it runs. */
export function manifestOf({ metadata, spec }: V1Job): object {
  const { name, namespace, labels, annotations } = metadata ?? {};
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, namespace, labels, annotations }, spec };
}
