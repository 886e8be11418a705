import type { V1Job, V1LimitRange, V1ResourceQuota } from '@kubernetes/client-node';
import type { DoctorCheck } from '@slipway/core';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { KubernetesApiError } from '../kubernetes/kubernetes-error.js';
import { admissionChecks } from './check-admission.js';
import { capacityChecks } from './check-capacity.js';
import { namespaceChecks } from './check-namespace.js';
import { checkPermissions } from './check-permissions.js';
import { referenceChecks } from './check-references.js';
import { ClusterReader } from './cluster-reader.js';
import type { PermissionFacts } from './permissions.js';

export interface ClusterCheckInput {
  readonly connection: KubernetesConnection;
  readonly facts: Omit<PermissionFacts, 'minor'>;
  /** The name of the component, for commands. */
  readonly component: string;
  /** What a build would create. */
  readonly job: V1Job;
  readonly signal?: AbortSignal | undefined;
}

/** Looks at the cluster with the eyes of a build; changes nothing there. All of it is asked at the same time. */
export async function* checkCluster(input: ClusterCheckInput): AsyncGenerator<DoctorCheck, void> {
  const { connection, facts, component, job, signal } = input;
  const version = await serverVersion(connection, signal);
  const minor = Number.parseInt(version?.minor ?? '', 10);
  const told = version?.gitVersion ?? 'its version is for others';
  yield { id: 'kubernetes-api', outcome: 'ok', message: `The API server answers: ${told}.` };

  const pod = job.spec?.template.spec ?? { containers: [] };
  const reader = new ClusterReader(connection, signal);
  const { access } = connection;
  const permissions = collect(
    checkPermissions(connection, { ...facts, minor: Number.isNaN(minor) ? undefined : minor }, component, signal),
  );
  const looks = Promise.all([
    namespaceChecks(reader, access, pod),
    referenceChecks(reader, access, pod, job.metadata?.name ?? ''),
    Promise.all([
      reader.list<V1ResourceQuota>('resourcequotas', 'resource quotas'),
      reader.list<V1LimitRange>('limitranges', 'limit ranges'),
    ]).then(([quotas, ranges]) => capacityChecks(pod, quotas, ranges)),
    admissionChecks(connection, job, signal),
  ]);
  // Whoever waits for the first must not leave the second without somebody to hear of its failure.
  looks.catch(() => undefined);
  yield* await permissions;
  const [namespace, others, capacity, admission] = await looks;
  yield* namespace;
  // Where there is no namespace nothing else of it can be there.
  if (namespace.some(({ outcome }) => outcome === 'failure')) return;
  yield* [...others, ...capacity];
  const isKnown = [...others, ...capacity].some(({ outcome }) => outcome === 'failure');
  // The same once more, in the words of the admission.
  yield* admission.filter(({ outcome }) => !isKnown || outcome === 'ok');
  if (reader.unseen.length === 0) return;
  yield {
    id: 'kubernetes-unseen',
    outcome: 'warning',
    message: `You are not allowed to look at ${reader.unseen.join(', ')}.`,
    reason: 'Builds do not need it; only doctor cannot tell whether all is well there.',
    fix: `slipway image-builder rbac ${component} --doctor prints a Role with which it can.`,
  };
}

async function serverVersion(
  connection: KubernetesConnection,
  signal: AbortSignal | undefined,
): Promise<{ readonly gitVersion?: string; readonly minor?: string } | undefined> {
  try {
    return await connection.request({ method: 'GET', path: '/version', what: 'read its version', signal });
  } catch (error) {
    // Some clusters tell it to nobody, which is an answer.
    if (KubernetesApiError.is(error) && [403, 404].includes(error.status)) return undefined;
    throw error;
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
