import type { RbacV1Subject, V1PolicyRule, V1Role, V1RoleBinding } from '@kubernetes/client-node';
import type { RbacSubject } from '@slipway/core';
import type { Permission } from './permissions.js';

const apiGroup = 'rbac.authorization.k8s.io';
const apiVersion = `${apiGroup}/v1`;

/** The Role that gives these permissions and no others, and the RoleBinding that gives it to the subjects, if there are any. */
export function role(
  name: string,
  namespace: string,
  permissions: readonly Permission[],
  subjects: readonly RbacSubject[],
): readonly (V1Role | V1RoleBinding)[] {
  const metadata = { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'slipway' } };
  const made: V1Role = { apiVersion, kind: 'Role', metadata, rules: rules(permissions) };
  if (subjects.length === 0) return [made];
  const roleRef = { apiGroup, kind: 'Role', name };
  const bound = subjects.map((subject) => boundSubject(subject, namespace));
  return [made, { apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects: bound }];
}

/** One rule for each resource. */
function rules(permissions: readonly Permission[]): V1PolicyRule[] {
  const byResource = new Map<string, { group: string; resource: string; verbs: Set<string> }>();
  for (const { group, resource, verb } of permissions) {
    const key = `${group}/${resource}`;
    const rule = byResource.get(key) ?? { group, resource, verbs: new Set<string>() };
    rule.verbs.add(verb);
    byResource.set(key, rule);
  }
  return [...byResource.values()].map(({ group, resource, verbs }) => {
    return { apiGroups: [group], resources: [resource], verbs: [...verbs] };
  });
}

function boundSubject({ kind, name }: RbacSubject, namespace: string): RbacV1Subject {
  if (kind !== 'ServiceAccount') return { apiGroup, kind, name };
  const [first = '', second] = name.split('/');
  return { kind, name: second ?? first, namespace: second === undefined ? namespace : first };
}
