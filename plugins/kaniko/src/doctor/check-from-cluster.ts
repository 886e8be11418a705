import type { V1ContainerStateTerminated, V1Job } from '@kubernetes/client-node';
import { type DoctorCheck, failedCheck, SlipwayError } from '@slipway/core';
import { BuildCleanup } from '../build/build-cleanup.js';
import { executorFailure } from '../build/executor-failure.js';
import { JobApi } from '../build/job-api.js';
import { identityOf, monitorJob } from '../build/monitor-job.js';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { followPodLogs } from '../kubernetes/pod-logs.js';
import { ownedBy } from '../manifest/build-manifests.js';
import { buildIdLabel } from '../manifest/build-labels.js';
import { executorContainer } from '../manifest/build-names.js';
import { flagChecks } from './check-executor.js';
import { executorVersion } from './executor-flags.js';
import { probeJob, versionContainer } from './probe-job.js';
import { type SampleInput, sampleManifests, sampleTags } from './sample-job.js';

const withinMilliseconds = 120_000;

/**
 * Looks from inside the cluster, with a pod such as those of builds that is removed afterwards: whether it runs, whether from there the
 * registry is found, let in, and may be pushed to, and which version the executor is of. Nothing is pushed.
 */
export async function* checkFromCluster(
  connection: KubernetesConnection,
  input: SampleInput,
  signal: AbortSignal | undefined,
): AsyncGenerator<DoctorCheck, void> {
  const warnings: DoctorCheck[] = [];
  const cleanup = new BuildCleanup((event) => {
    if (event.type !== 'warning') return;
    const { message, reason, fix } = event;
    warnings.push({ id: 'cluster-cleanup', outcome: 'warning', message, reason, fix });
  });
  const limit = AbortSignal.timeout(withinMilliseconds);
  const life = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  let id = 'cluster-pod';
  try {
    const manifests = await sampleManifests(input, life);
    const job = probeJob(manifests.job, input);
    const api = new JobApi(connection);
    const made = await api.create(job, life);
    const owner = identityOf(made);
    const monitor = monitorJob({
      connection,
      api,
      job: owner,
      buildId: made.metadata?.labels?.[buildIdLabel] ?? '',
      deadlineSeconds: withinMilliseconds / 1000,
      report: () => undefined,
    });
    cleanup.job({ api, ...owner, hasSecret: manifests.secret !== undefined, monitor });
    if (manifests.secret !== undefined) await api.createSecret(ownedBy(made, manifests.secret), life);
    await monitor.untilStarted(input.configuration.pod_running_timeout, life);
    yield { id, outcome: 'ok', message: 'A pod such as those of builds runs in the cluster.' };
    id = 'cluster-registry';
    const terminated = await monitor.untilTerminated(life);
    const pod = monitor.podName ?? '';
    yield await registryCheck(connection, pod, terminated, input, life);
    yield* versionChecks(await logOf(connection, pod, versionContainer, life), job);
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    yield failedCheck(id, limit.aborted ? tooLong() : error);
  } finally {
    await cleanup.run();
  }
  yield* warnings;
}

async function registryCheck(
  connection: KubernetesConnection,
  pod: string,
  terminated: V1ContainerStateTerminated,
  { registry }: SampleInput,
  signal: AbortSignal,
): Promise<DoctorCheck> {
  const id = 'cluster-registry';
  if (terminated.exitCode !== 0) {
    const log = await logOf(connection, pod, executorContainer, signal);
    return failedCheck(id, executorFailure(terminated, log));
  }
  if (registry === undefined) return { id, outcome: 'ok', message: 'The executor builds in the cluster.' };
  const [tag] = sampleTags(registry);
  return { id, outcome: 'ok', message: `From inside the cluster ${tag?.name ?? registry.uri} can be pushed to.` };
}

function versionChecks(log: readonly string[], job: V1Job): readonly DoctorCheck[] {
  const version = executorVersion(log.join('\n'));
  const id = 'executor-version';
  if (version === undefined) {
    return [{ id, outcome: 'warning', message: 'The executor does not tell its version.', reason: log.at(-1) }];
  }
  const args = job.spec?.template.spec?.containers[0]?.args ?? [];
  return [
    { id, outcome: 'ok', message: `The executor says that it is version ${version.text}.` },
    ...flagChecks(version, args),
  ];
}

/** The lines that a container printed that has ended; none where one may not read them. */
async function logOf(
  connection: KubernetesConnection,
  pod: string,
  container: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lines: string[] = [];
  try {
    for await (const line of followPodLogs(connection, { pod, container, signal, ended: Promise.resolve() })) {
      lines.push(line);
    }
  } catch (error) {
    if (!SlipwayError.is(error)) throw error;
  }
  return lines;
}

function tooLong(): SlipwayError {
  return new SlipwayError({
    code: 'POD_NOT_RUNNING',
    message: `The pod of doctor did not do its work within ${withinMilliseconds / 1000} s.`,
    fix: 'Look at what else the cluster does, and try again.',
  });
}
