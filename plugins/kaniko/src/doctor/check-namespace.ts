import type { V1Namespace, V1PodSpec } from '@kubernetes/client-node';
import type { DoctorCheck } from '@slipway/core';
import { anotherNamespace } from '../failures/pod-failures.js';
import type { ClusterAccess } from '../kubernetes/cluster-access.js';
import type { ClusterReader } from './cluster-reader.js';

const enforced = 'pod-security.kubernetes.io/enforce';

/** Whether the namespace is there and takes pods such as those of builds, by its own word; nothing where one may not look. */
export async function namespaceChecks(
  reader: ClusterReader,
  access: ClusterAccess,
  pod: V1PodSpec,
): Promise<readonly DoctorCheck[]> {
  const { namespace, context, kubectl } = access;
  const look = await reader.look<V1Namespace>(`/api/v1/namespaces/${namespace}`, 'the namespace');
  if (look.kind === 'unseen') return [];
  const id = 'namespace';
  if (look.kind === 'missing') {
    const message = `The cluster of context '${context}' has no namespace '${namespace}'.`;
    const fix = `${kubectl} create namespace ${namespace}; or name another: ${anotherNamespace}`;
    return [{ id, outcome: 'failure', message, fix, code: 'NAMESPACE_NOT_FOUND' }];
  }
  const { metadata, status } = look.object;
  if (status?.phase === 'Terminating') {
    const message = `The namespace '${namespace}' is being deleted.`;
    const fix = `Wait until it is gone and create it again, or name another: ${anotherNamespace}`;
    return [{ id, outcome: 'failure', message, fix, code: 'NAMESPACE_TERMINATING' }];
  }
  return [
    { id, outcome: 'ok', message: `The namespace '${namespace}' is there.` },
    podSecurity(access, metadata?.labels?.[enforced] ?? 'privileged', pod),
  ];
}

/** The executor is root with the usual capabilities: the level `baseline` admits that, `restricted` does not. */
function podSecurity({ namespace, kubectl }: ClusterAccess, level: string, pod: V1PodSpec): DoctorCheck {
  const id = 'pod-security';
  const hostPath = pod.volumes?.find((volume) => volume.hostPath !== undefined);
  const refused =
    level === 'restricted'
      ? 'The executor has to be root in its container, with the capabilities that containers usually have.'
      : level === 'baseline' && hostPath !== undefined
        ? `The volume '${hostPath.name}' is a folder of the node.`
        : undefined;
  if (refused === undefined) {
    return { id, outcome: 'ok', message: `The pod security level '${level}' admits the executor.` };
  }
  return {
    id,
    outcome: 'failure',
    message: `The pod security level '${level}' of namespace ${namespace} does not admit the executor.`,
    reason: refused,
    fix: `${kubectl} label --overwrite namespace ${namespace} ${enforced}=${level === 'restricted' ? 'baseline' : 'privileged'}; or build in another namespace`,
    code: 'POD_SECURITY_VIOLATED',
  };
}
