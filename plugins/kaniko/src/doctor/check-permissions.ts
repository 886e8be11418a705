import type { V1SelfSubjectAccessReview, V1SelfSubjectRulesReview } from '@kubernetes/client-node';
import { type DoctorCheck, SlipwayError } from '@slipway/core';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { KubernetesApiError } from '../kubernetes/kubernetes-error.js';
import { neededPermissions, type Permission, type PermissionFacts, permissionText } from './permissions.js';

const id = 'kubernetes-permissions';

/** Asks the cluster for each permission whether we have it, all at the same time. */
export async function* checkPermissions(
  connection: KubernetesConnection,
  facts: PermissionFacts,
  component: string,
  signal?: AbortSignal,
): AsyncGenerator<DoctorCheck, void> {
  const needed = neededPermissions(facts);
  const { context, namespace } = connection.access;
  let answers: boolean[];
  try {
    answers = await Promise.all(needed.map((permission) => isAllowed(connection, permission, signal)));
  } catch (error) {
    signal?.throwIfAborted();
    if (!KubernetesApiError.is(error)) throw error;
    yield { id, outcome: 'warning', message: 'The cluster does not say what you may do.', reason: error.reason };
    return;
  }
  const missing = needed.filter((_, index) => answers[index] === false);
  for (const permission of missing) {
    const { purpose, required } = permission;
    yield {
      id,
      outcome: required ? 'failure' : 'warning',
      message: `The cluster of context '${context}' does not let you ${permissionText(permission)} in namespace ${namespace}.`,
      reason: `It is needed ${purpose}.`,
      fix: grantedBy(component),
      code: 'KUBERNETES_FORBIDDEN',
    };
  }
  if (missing.length > 0) return;
  const message = `You have the ${needed.length} permissions in namespace ${namespace} that builds need.`;
  yield { id, outcome: 'ok', message };
}

export async function isAllowed(
  connection: KubernetesConnection,
  { group, resource, verb }: Permission,
  signal?: AbortSignal,
): Promise<boolean> {
  const [plural, subresource] = resource.split('/');
  const { namespace } = connection.access;
  const attributes = { namespace, group, verb, resource: plural, ...(subresource && { subresource }) };
  const review = await connection.request<V1SelfSubjectAccessReview>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: attributes },
    },
    what: 'ask what you may do',
    signal,
  });
  return review.status?.allowed ?? false;
}

/**
 * For the start of a build: by one request, whether what it cannot do without is allowed, before anything is made.
 * @returns undefined also where the cluster does not say all that is allowed
 */
export async function missingPermission(
  connection: KubernetesConnection,
  facts: PermissionFacts,
  component: string,
  signal?: AbortSignal,
): Promise<SlipwayError | undefined> {
  const { context, namespace } = connection.access;
  let review: V1SelfSubjectRulesReview;
  try {
    review = await connection.request<V1SelfSubjectRulesReview>({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
      what: 'ask what you may do',
      signal,
    });
  } catch (error) {
    // Whoever may not even ask is told by the first request that is refused.
    if (KubernetesApiError.is(error) && error.status !== 401) return undefined;
    throw error;
  }
  const { incomplete = true, resourceRules = [] } = review.status ?? {};
  if (incomplete) return undefined;
  const allows = ({ group, resource, verb }: Permission): boolean =>
    resourceRules.some(
      ({ apiGroups = [], resources = [], verbs, resourceNames = [] }) =>
        resourceNames.length === 0 &&
        includes(apiGroups, group) &&
        (includes(resources, resource) || resources.includes(`*/${resource.split('/')[1] ?? ''}`)) &&
        includes(verbs, verb),
    );
  const missing = neededPermissions(facts).filter((permission) => permission.required && !allows(permission));
  if (missing.length === 0) return undefined;
  return new SlipwayError({
    code: 'KUBERNETES_FORBIDDEN',
    message: `The cluster of context '${context}' does not let you ${listed(missing.map(permissionText))} in namespace ${namespace}.`,
    reason: `It is needed ${listed([...new Set(missing.map(({ purpose }) => purpose))])}.`,
    fix: grantedBy(component),
  });
}

/** The administrator of a cluster has another context than we, and no stack of ours. */
function grantedBy(component: string): string {
  return `slipway image-builder rbac ${component} --user=YOU > role.yaml, which an administrator of the cluster applies: kubectl apply -f role.yaml`;
}

function listed(texts: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(texts);
}

function includes(list: readonly string[], wanted: string): boolean {
  return list.includes(wanted) || list.includes('*');
}
