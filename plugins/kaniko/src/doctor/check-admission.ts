import type { V1Job } from '@kubernetes/client-node';
import { type DoctorCheck, failedCheck, SlipwayError } from '@slipway/core';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { KubernetesApiError } from '../kubernetes/kubernetes-error.js';
import { waitingVerdict } from '../build/waiting-verdict.js';
import { isAllowed } from './check-permissions.js';

/**
 * Lets the API server say whether it would take a build's Job, and its pod, without making them (a dry run): its admission knows the rules
 * of the cluster best. Nothing where one may not create them.
 */
export async function admissionChecks(
  connection: KubernetesConnection,
  job: V1Job,
  signal?: AbortSignal,
): Promise<readonly DoctorCheck[]> {
  const { namespace } = connection.access;
  const mayTryPods = isAllowed(connection, { group: '', resource: 'pods', verb: 'create' }, signal).catch(() => false);
  const tries = [
    { what: 'jobs', path: `/apis/batch/v1/namespaces/${namespace}/jobs`, body: job },
    ...((await mayTryPods) ? [{ what: 'pods', path: `/api/v1/namespaces/${namespace}/pods`, body: podOf(job) }] : []),
  ];
  const problems = await Promise.all(
    tries.map(async ({ what, path, body }) => {
      try {
        await connection.request({
          method: 'POST',
          path,
          body,
          query: { dryRun: 'All' },
          what: `create ${what} in namespace ${namespace}`,
          signal,
        });
        return undefined;
      } catch (error) {
        if (!KubernetesApiError.is(error)) throw error;
        return refusal(error);
      }
    }),
  );
  const told = problems.flatMap((problem) => (problem === undefined ? [] : [problem]));
  if (told.length > 0) return told.filter(({ code }) => code !== 'KUBERNETES_FORBIDDEN').slice(0, 1);
  const message = `The cluster would take the ${tries.length === 2 ? 'Job and the pod' : 'Job'} of a build.`;
  return [{ id: 'admission', outcome: 'ok', message }];
}

/** The error that a build would end with: of the pod, that of the Job's controller, which says the same. */
function refusal(error: KubernetesApiError): DoctorCheck {
  const verdict =
    error.status === 403 ? waitingVerdict({ reason: 'FailedCreate', message: error.reason ?? '' }) : undefined;
  // Without the permission the words are those of the authorization, not of a rule.
  const isPermission = /^\S+ (?:"[^"]*" )?is forbidden: User /.test(error.reason ?? '');
  return failedCheck('admission', isPermission || !SlipwayError.is(verdict) ? error : verdict);
}

function podOf({ metadata, spec }: V1Job): object {
  const { template } = spec ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template?.metadata, name: metadata?.name, labels: template?.metadata?.labels },
    spec: template?.spec,
  };
}
