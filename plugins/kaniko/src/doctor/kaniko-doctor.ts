import { setMaxListeners } from 'node:events';
import { type DoctorCheck, type DoctorOptions, failedCheck } from '@slipway/core';
import { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { checkCluster } from './check-cluster.js';
import { executorChecks } from './check-executor.js';
import { checkFromCluster } from './check-from-cluster.js';
import { checkOtherRegistries } from './check-other-registries.js';
import { type SampleInput, sampleJob, sampleManifests } from './sample-job.js';

/** All that a build of this component will need, as far as it can be seen before: the executor, the cluster, and the
 * registries beside that of the stack. */
export async function* kanikoDoctor(
  input: SampleInput,
  options: DoctorOptions = {},
): AsyncGenerator<DoctorCheck, void> {
  const { info, configuration, registry } = input;
  // Of its own, since all that is asked at the same time listens to it.
  const signal = AbortSignal.any(options.signal === undefined ? [] : [options.signal]);
  setMaxListeners(0, signal);
  const registryLooks =
    registry === undefined ? undefined : begun(checkOtherRegistries(registry, configuration, signal));
  const job = await sampleManifests(input, signal).then(
    (manifests) => manifests.job,
    (error: unknown) => failedCheck('registry-credentials', error),
  );
  const shown = 'id' in job ? sampleJob(input) : job;
  yield* executorChecks(configuration, shown.spec?.template.spec?.containers[0]?.args ?? []);
  if ('id' in job) yield job;

  let connection: KubernetesConnection | undefined;
  let id = 'kubeconfig';
  try {
    connection = await KubernetesConnection.open(configuration);
    const { context, namespace, cluster } = connection.access;
    const message = `The context '${context}' is the cluster at ${cluster.server}, with namespace ${namespace}.`;
    yield { id, outcome: 'ok', message };
    id = 'kubernetes-api';
    const facts = { configuration, registry };
    yield* checkCluster({ connection, facts, component: info.name, job: shown, signal });
  } catch (error) {
    signal?.throwIfAborted();
    yield failedCheck(id, error);
    connection?.close();
    connection = undefined;
  }
  try {
    if (registryLooks !== undefined) yield* registryLooks;
    if (options.fromCluster === true && connection !== undefined) yield* checkFromCluster(connection, input, signal);
  } finally {
    connection?.close();
  }
}

/** The same items, the making of which begins now and not when they are first asked for. */
function begun<T>(items: AsyncIterable<T>): AsyncIterable<T> {
  const all = (async () => {
    const found: T[] = [];
    for await (const item of items) found.push(item);
    return found;
  })();
  all.catch(() => undefined);
  return (async function* () {
    yield* await all;
  })();
}
