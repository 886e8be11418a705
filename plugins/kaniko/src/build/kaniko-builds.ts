import type { V1Job, V1Pod } from '@kubernetes/client-node';
import {
  type BuildControl,
  type BuildDetails,
  type BuildRecord,
  type BuildRequest,
  type BuildResult,
  BuildStages,
  type ContainerRegistry,
  type FollowOptions,
  type RemoteBuilds,
  type StartedBuild,
  suggestion,
  UsageError,
} from '@slipway/core';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { KubernetesApiError } from '../kubernetes/kubernetes-error.js';
import { followPodLogs } from '../kubernetes/pod-logs.js';
import { buildIdLabel, buildsSelector, componentLabel, labelValue, wholeLabel } from '../manifest/build-labels.js';
import { executorContainer } from '../manifest/build-names.js';
import { buildDetails } from './build-details.js';
import { BuildLife } from './build-life.js';
import { isForsaken } from './build-queue.js';
import { buildRecord, buildTags } from './build-record.js';
import { followBuild } from './follow-build.js';
import { JobApi } from './job-api.js';
import { identityOf, monitorJob } from './monitor-job.js';
import { podState } from './pod-state.js';
import { RegistryCheck } from './registry-check.js';

export interface KanikoBuildsInput {
  /** The component's name. */
  readonly name: string;
  readonly configuration: KanikoConfiguration;
  readonly registry: ContainerRegistry | undefined;
  readonly start: (request: BuildRequest, control: BuildControl) => Promise<StartedBuild>;
}

interface FoundBuild {
  readonly job: V1Job;
  readonly pod: V1Pod | undefined;
}

const ended: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled']);

/** The builds in the namespace of a component, whoever began them, found by their labels. */
export class KanikoBuilds implements RemoteBuilds {
  constructor(private readonly input: KanikoBuildsInput) {}

  start(request: BuildRequest, control: BuildControl = {}): Promise<StartedBuild> {
    return this.input.start(request, control);
  }

  async list(signal?: AbortSignal): Promise<readonly BuildRecord[]> {
    return this.#connected(async (api) => {
      const found = await this.#all(api, buildsSelector, signal);
      const records = found.map(({ job, pod }) => buildRecord(job, pod));
      return records.sort((one, other) => other.createdAt.localeCompare(one.createdAt));
    });
  }

  async show(buildId: string, signal?: AbortSignal): Promise<BuildDetails> {
    return this.#connected(async (api, connection) => {
      const { job, pod } = await this.#find(api, buildId, signal);
      const log = pod === undefined ? [] : await printed(connection, pod, signal);
      return buildDetails(job, pod, log);
    });
  }

  async *logs(
    buildId: string,
    { signal, tail, follow = false }: FollowOptions & { readonly follow?: boolean | undefined } = {},
  ): AsyncGenerator<string, void, undefined> {
    const connection = await this.#open();
    const over = new AbortController();
    const either = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
    try {
      const api = new JobApi(connection);
      const { job, pod } = await this.#find(api, buildId, either);
      if (!follow) {
        if (pod !== undefined) yield* podLog(connection, pod, { signal: either, tail });
        return;
      }
      const deadlineSeconds = job.spec?.activeDeadlineSeconds ?? 0;
      const monitor = monitorJob({
        ...{ connection, api, job: identityOf(job), buildId, deadlineSeconds },
        report: () => undefined,
      });
      try {
        await monitor.untilStarted(undefined, either);
        const end = monitor.untilTerminated(either);
        end.catch(() => undefined);
        const target = { pod: monitor.podName ?? '', container: executorContainer, signal: either };
        yield* followPodLogs(connection, { ...target, ended: end, tail });
      } finally {
        monitor.stop();
      }
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    } finally {
      over.abort();
      connection.close();
    }
  }

  async attach(
    buildId: string,
    { signal, onEvent, tail }: BuildControl & { readonly tail?: number | undefined } = {},
  ): Promise<BuildResult> {
    const stages = new BuildStages((event) => onEvent?.(event));
    const life = new BuildLife(signal);
    const connection = await this.#open();
    let check: RegistryCheck | undefined;
    try {
      const { job } = await this.#find(new JobApi(connection), buildId, life.signal);
      const { registry } = this.input;
      const tags = buildTags(job);
      // A build of another stack may push elsewhere, where this one's credentials do not count.
      const isOurs = registry !== undefined && tags.every((tag) => tag.registry === registry.uri.split('/', 1)[0]);
      if (isOurs) check = new RegistryCheck(registry.transport, await registry.credentials(), tags);
      return await followBuild(job, { connection, life, stages, check, tail });
    } catch (error) {
      const cause: unknown = life.signal.aborted ? life.signal.reason : error;
      stages.fail(cause);
      throw cause;
    } finally {
      check?.close();
      connection.close();
      life.end();
    }
  }

  async cancel(buildId: string, signal?: AbortSignal): Promise<void> {
    await this.#connected(async (api) => {
      const all = await this.#all(api, buildsSelector, signal);
      const parts = partsOf(buildId, all);
      const builds = parts.length > 0 ? parts : [this.#named(api, buildId, all)];
      await Promise.all(builds.map((build) => remove(api, build, signal)));
    });
  }

  async prune(signal?: AbortSignal): Promise<readonly string[]> {
    return this.#connected(async (api, connection) => {
      const selector = `${buildsSelector},${componentLabel}=${labelValue(this.input.name)}`;
      const found = await this.#all(api, selector, signal);
      const isOver = ({ job, pod }: FoundBuild): boolean =>
        ended.has(buildRecord(job, pod).state) || isForsaken(job, connection.serverTime());
      const over = found.filter(isOver);
      await Promise.all(over.map((build) => remove(api, build, signal)));
      return over.map(idOf);
    });
  }

  async #all(api: JobApi, selector: string, signal: AbortSignal | undefined): Promise<FoundBuild[]> {
    const [jobs, pods] = await Promise.all([api.list(selector, signal), api.pods(selector, signal)]);
    return jobs.map((job) => ({ job, pod: podOf(job, pods) }));
  }

  async #find(api: JobApi, buildId: string, signal: AbortSignal | undefined): Promise<FoundBuild> {
    return this.#named(api, buildId, await this.#all(api, buildsSelector, signal));
  }

  #named(api: JobApi, buildId: string, all: readonly FoundBuild[]): FoundBuild {
    const found = all.find((build) => idOf(build) === buildId);
    if (found !== undefined) return found;
    const parts = partsOf(buildId, all).map(idOf);
    const ids = all.map(idOf);
    if (parts.length > 0) {
      throw new UsageError({
        code: 'BUILD_OF_SEVERAL_PLATFORMS',
        message: `The build '${buildId}' is one for several platforms, each of which has a build of its own.`,
        reason: `They are ${parts.join(', ')}.`,
        fix: `Name one of them: slipway builds show ${parts[0]}`,
      });
    }
    throw new UsageError({
      code: 'UNKNOWN_BUILD',
      message: `There is no build '${buildId}' in the namespace '${api.namespace}'.`,
      reason: ids.length === 0 ? 'There are none at all.' : suggestion(buildId, ids),
      fix: 'slipway builds list',
    });
  }

  async #connected<T>(work: (api: JobApi, connection: KubernetesConnection) => Promise<T>): Promise<T> {
    const connection = await this.#open();
    try {
      return await work(new JobApi(connection), connection);
    } finally {
      connection.close();
    }
  }

  #open(): Promise<KubernetesConnection> {
    return KubernetesConnection.open(this.input.configuration);
  }
}

function idOf({ job }: FoundBuild): string {
  return job.metadata?.labels?.[buildIdLabel] ?? '';
}

/** The builds of the single platforms, of a build for several. */
function partsOf(buildId: string, all: readonly FoundBuild[]): readonly FoundBuild[] {
  return all.filter(({ job }) => job.metadata?.labels?.[wholeLabel] === buildId);
}

function podOf(job: V1Job, pods: readonly V1Pod[]): V1Pod | undefined {
  const { uid } = identityOf(job);
  return pods.find(({ metadata }) => metadata?.ownerReferences?.some((owner) => owner.uid === uid));
}

function podLog(
  connection: KubernetesConnection,
  pod: V1Pod,
  { signal, tail }: { readonly signal: AbortSignal; readonly tail?: number | undefined },
): AsyncGenerator<string, void> {
  const target = { pod: pod.metadata?.name ?? '', container: executorContainer, signal };
  return followPodLogs(connection, { ...target, ended: Promise.resolve(), follow: false, tail });
}

/** What the executor has printed so far; a container that does not run yet has printed nothing. */
async function printed(connection: KubernetesConnection, pod: V1Pod, signal = new AbortController().signal) {
  const lines: string[] = [];
  try {
    for await (const line of podLog(connection, pod, { signal })) lines.push(line);
  } catch (error) {
    if (!KubernetesApiError.is(error)) throw error;
  }
  return lines;
}

async function remove(api: JobApi, { job, pod }: FoundBuild, signal = new AbortController().signal): Promise<void> {
  const { name, uid } = identityOf(job);
  await api.delete(name, uid, signal);
  await api.deleteSecret(name, signal);
  const podName = pod?.metadata?.name;
  // An executor that still runs is asked to end; the pod of one that has ended, whether or not its phase says so yet, need not wait.
  if (pod !== undefined && podName !== undefined && podState(pod).kind !== 'running') {
    await api.deletePod(podName, signal);
  }
}
