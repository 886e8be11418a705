import { SlipwayError } from '@slipway/core';
import type { JobApi } from './job-api.js';
import { timedOut } from './timeouts.js';
import { podLost } from './waiting-verdict.js';

export interface JobEndOptions {
  readonly signal: AbortSignal;
  /** What the error says of a Job that passed its deadline. */
  readonly deadlineSeconds: number;
}

/** How a Job ended, as an error, where its pod is not there to tell; undefined where it has not ended. */
export async function jobEnd(
  api: JobApi,
  { name, uid }: { readonly name: string; readonly uid: string },
  { signal, deadlineSeconds }: JobEndOptions,
): Promise<SlipwayError | undefined> {
  const job = await api.get(name, signal);
  if (job?.metadata?.uid !== uid || job.metadata.deletionTimestamp !== undefined) return buildDeleted(name);
  const conditions = job.status?.conditions?.filter(({ status }) => status === 'True') ?? [];
  // A Job whose time is over says so before its pod has gone, and that it has failed only after.
  if (conditions.some(({ type, reason }) => type === 'FailureTarget' && reason === 'DeadlineExceeded')) {
    return timedOut(deadlineSeconds);
  }
  const end = conditions.find(({ type }) => /^(Failed|Complete)$/.test(type));
  if (end === undefined) return undefined;
  if (end.type === 'Complete') return resultGone(name);
  if (end.reason === 'DeadlineExceeded') return timedOut(deadlineSeconds);
  return podLost(end.reason ?? 'Failed', end.message ?? '');
}

export function buildDeleted(name: string): SlipwayError {
  return new SlipwayError({
    code: 'BUILD_DELETED',
    message: 'The build was cancelled from elsewhere, or removed by the client that began it.',
    reason: `Its Job '${name}' was deleted before it was seen to end.`,
    fix: 'Where nobody did so on purpose, build again.',
  });
}

function resultGone(name: string): SlipwayError {
  return new SlipwayError({
    code: 'RESULT_GONE',
    message: 'The build has ended well, but what it reported is not there any more.',
    reason: `The pod of the Job '${name}', which keeps it, was removed from the cluster.`,
    fix: 'The image is in the registry, under the tags of the build: slipway builds show ID',
  });
}
