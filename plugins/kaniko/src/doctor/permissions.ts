import type { ContainerRegistry } from '@slipway/core';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { takesCredentialsAlong } from '../manifest/docker-config.js';
import { proxyEnvironment } from '../manifest/proxy-environment.js';

/** One right in the namespace of the builds, in the words of RBAC. */
export interface Permission {
  readonly group: string;
  /** With the subresource where there is one, e.g. `pods/log`. */
  readonly resource: string;
  readonly verb: string;
}

/** What decides which permissions a build needs. */
export interface PermissionFacts {
  readonly configuration: KanikoConfiguration;
  /** The registry of the stack, where that is known. */
  readonly registry?: ContainerRegistry | undefined;
  /** The second number of the API server's version; undefined where it is not known. */
  readonly minor?: number | undefined;
}

interface NeededPermission extends Permission {
  /** Completes "is needed …". */
  readonly purpose: string;
  /** Whether a build fails without it. */
  readonly required: boolean;
}

interface Definition extends Permission {
  readonly purpose: string;
  /** Whether a build has any use for it; always unless given. */
  readonly when?: (facts: PermissionFacts) => boolean;
  /** Whether a build fails without it; it does unless given. */
  readonly required?: (facts: PermissionFacts) => boolean;
}

const no = (): boolean => false;
const sendsDirectly = ({ configuration }: PermissionFacts): boolean => !configuration.store_context_in_artifact_store;
const queues = ({ configuration }: PermissionFacts): boolean => configuration.max_parallel_builds !== undefined;

/** Whether builds may make a Secret: for credentials of this machine, authorities, or a proxy's password. */
function mayMakeSecrets({ configuration, registry }: PermissionFacts): boolean {
  return (
    takesCredentialsAlong(configuration) ||
    proxyEnvironment(configuration).entries.length > 0 ||
    registry?.transport.caBundle !== undefined
  );
}

/** All that builds do in the cluster: doctor asks for these, and `rbac` prints them as a Role. */
const definitions: readonly Definition[] = [
  { group: 'batch', resource: 'jobs', verb: 'create', purpose: 'to start builds' },
  {
    group: 'batch',
    resource: 'jobs',
    verb: 'get',
    purpose: 'to find a build again whose answer got lost, and to attach to it',
    required: no,
  },
  { group: 'batch', resource: 'jobs', verb: 'list', purpose: 'for `slipway builds list`', required: queues },
  {
    group: 'batch',
    resource: 'jobs',
    verb: 'watch',
    purpose: 'to wait for a turn under max_parallel_builds',
    when: queues,
  },
  {
    group: 'batch',
    resource: 'jobs',
    verb: 'patch',
    purpose: 'to let a build end soon whose client died, and to wait for a turn',
    required: queues,
  },
  { group: 'batch', resource: 'jobs', verb: 'delete', purpose: 'to clean up after builds', required: no },
  { group: '', resource: 'pods', verb: 'list', purpose: 'to follow builds' },
  { group: '', resource: 'pods', verb: 'watch', purpose: 'to follow builds' },
  { group: '', resource: 'pods', verb: 'delete', purpose: 'to clean up at once', required: no },
  { group: '', resource: 'pods/attach', verb: 'get', purpose: 'to send the build context', when: sendsDirectly },
  {
    group: '',
    resource: 'pods/attach',
    verb: 'create',
    purpose: 'to send the build context to API servers since 1.35',
    when: sendsDirectly,
    required: ({ minor }) => (minor ?? 35) >= 35,
  },
  { group: '', resource: 'pods/log', verb: 'get', purpose: 'to show what builds print', required: no },
  { group: '', resource: 'events', verb: 'list', purpose: 'to say what builds wait for', required: no },
  { group: '', resource: 'events', verb: 'watch', purpose: 'to say what builds wait for', required: no },
  {
    group: '',
    resource: 'secrets',
    verb: 'create',
    purpose: 'to hand credentials to builds',
    when: mayMakeSecrets,
    // Whether there are any depends on the Dockerfile as well; those of the stack's registry are certain.
    required: ({ registry }) => registry?.transport.caBundle !== undefined,
  },
  {
    group: '',
    resource: 'secrets',
    verb: 'delete',
    purpose: 'to remove credentials at once',
    when: mayMakeSecrets,
    required: no,
  },
];

/** What builds with this configuration need, in the order of the Role. */
export function neededPermissions(facts: PermissionFacts): readonly NeededPermission[] {
  return definitions
    .filter(({ when }) => when?.(facts) ?? true)
    .map(({ group, resource, verb, purpose, required }) => {
      return { group, resource, verb, purpose, required: required?.(facts) ?? true };
    });
}

/** What `doctor` reads beside that, none of which builds need. */
export const doctorPermissions: readonly Permission[] = [
  { group: '', resource: 'pods', verb: 'create' },
  // A namespace counts as lying in itself.
  { group: '', resource: 'namespaces', verb: 'get' },
  ...['resourcequotas', 'limitranges'].map((resource) => ({ group: '', resource, verb: 'list' })),
  ...['serviceaccounts', 'secrets', 'configmaps', 'persistentvolumeclaims'].map((resource) => {
    return { group: '', resource, verb: 'get' };
  }),
];

/** `create jobs`, as messages say it. */
export function permissionText({ resource, verb }: Permission): string {
  return `${verb} ${resource}`;
}
