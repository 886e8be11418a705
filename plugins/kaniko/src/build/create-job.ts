import type { V1Job } from '@kubernetes/client-node';
import { KubernetesApiError } from '../kubernetes/kubernetes-error.js';
import { requestAnnotation } from '../manifest/build-labels.js';
import { buildIdInUse } from './build-id-in-use.js';
import type { JobApi } from './job-api.js';

/**
 * Creates the Job of a build, whose id names it.
 * @param request stands for all that is asked for; undefined where the id is no caller's choice, so that no other can have it
 * @returns the Job, or the one of the same id and request that is there already
 * @throws SlipwayError `BUILD_ID_IN_USE`, and those of the API server
 */
export async function createJob(
  api: JobApi,
  job: V1Job,
  { id, request, signal }: { readonly id: string; readonly request: string | undefined; readonly signal: AbortSignal },
): Promise<V1Job | { readonly runs: V1Job }> {
  try {
    return await api.create(job, signal);
  } catch (error) {
    if (request === undefined || !KubernetesApiError.is(error) || error.status !== 409) throw error;
    const there = await api.get(job.metadata?.name ?? '', signal);
    if (there === undefined) throw error;
    if (there.metadata?.annotations?.[requestAnnotation] !== request) throw buildIdInUse(id, there);
    return { runs: there };
  }
}
