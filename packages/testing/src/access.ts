import { resourceTypes, type ResourceType } from './resource-types.js';
import { detailsOf, failure, qualifiedName, StatusError } from './status.js';

/** What a user may be denied, in the words of RBAC. */
export interface Permission {
  /** `get`, `list`, `watch`, `create`, `delete` or `patch`. */
  readonly verb: string;
  /** Plural, with the subresource where there is one: `jobs`, `pods/log`, `pods/attach`. */
  readonly resource: string;
}

/** Who may do what: everything, less what a test forbids. */
export class Access {
  private readonly forbidden = new Set<string>();

  forbid({ verb, resource }: Permission): void {
    this.forbidden.add(`${verb} ${resource}`);
  }

  /** Throws the 403 of the real server where the verb is forbidden. */
  check(verb: string, type: ResourceType, subresource: string | undefined, namespace = '', name = ''): void {
    const resource = subresource === undefined ? type.plural : `${type.plural}/${subresource}`;
    if (!this.forbidden.has(`${verb} ${resource}`)) return;
    const subject = name === '' ? qualifiedName(type) : `${qualifiedName(type)} "${name}"`;
    const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
    const what = `cannot ${verb} resource "${resource}" in API group "${type.group}" ${where}`;
    const message = `${subject} is forbidden: User "scripted" ${what}`;
    throw new StatusError(failure(403, message, { details: detailsOf(type, name) }));
  }

  /** Answers a SelfSubjectRulesReview. */
  rules(): Record<string, unknown> {
    const verbs = ['get', 'list', 'watch', 'create', 'delete', 'patch'];
    const subresources = ['pods/log', 'pods/attach'].map((plural) => ({ group: '', plural }));
    const resourceRules = [...resourceTypes, ...subresources].map(({ group, plural }) => ({
      apiGroups: [group],
      resources: [plural],
      verbs: verbs.filter((verb) => !this.forbidden.has(`${verb} ${plural}`)),
    }));
    return {
      kind: 'SelfSubjectRulesReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: {},
      status: { resourceRules, nonResourceRules: [], incomplete: false },
    };
  }

  /** Answers a SelfSubjectAccessReview. */
  review(body: unknown): Record<string, unknown> {
    const { spec = {} } = (body ?? {}) as { spec?: { resourceAttributes?: Record<string, string> } };
    const { verb = '', resource = '', subresource = '' } = spec.resourceAttributes ?? {};
    const allowed = !this.forbidden.has(`${verb} ${subresource === '' ? resource : `${resource}/${subresource}`}`);
    return {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec,
      status: { allowed },
    };
  }
}
