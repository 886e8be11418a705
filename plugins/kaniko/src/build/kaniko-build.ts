import type { V1ContainerStateTerminated } from '@kubernetes/client-node';
import {
  type ArtifactStore,
  type BuildContext,
  type BuildControl,
  type BuildRequest,
  type BuildResult,
  BuildStages,
  type ComponentInfo,
  type ContainerRegistry,
  SlipwayError,
} from '@slipway/core';
import { type ImageReference, qualifyTags } from '@slipway/oci';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { attachStdin } from '../kubernetes/attach-stdin.js';
import { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { KubernetesApiError } from '../kubernetes/kubernetes-error.js';
import { followPodLogs } from '../kubernetes/pod-logs.js';
import { buildManifests, ownedBy, stdinContext } from '../manifest/build-manifests.js';
import { onlyPlatform } from '../manifest/executor-arguments.js';
import { buildId, executorContainer, jobName } from '../manifest/build-names.js';
import type { RegistryAccess } from '../registries/registry-access.js';
import { BuildCleanup } from './build-cleanup.js';
import { BuildLife, timedOut } from './build-life.js';
import { executorFailure } from './executor-failure.js';
import { ExecutorSteps } from './executor-steps.js';
import { JobApi } from './job-api.js';
import { LogTail } from './log-tail.js';
import { PodMonitor } from './pod-monitor.js';
import { RegistryCheck } from './registry-check.js';
import { prepareBuild } from './prepare-build.js';
import { reportedDigest } from './termination-message.js';
import { packedContext, storeContext } from './upload-context.js';

export interface KanikoBuildInput {
  readonly info: ComponentInfo;
  readonly configuration: KanikoConfiguration;
  readonly registry: ContainerRegistry;
  /** Set where the context goes through the artifact store. */
  readonly artifactStore: ArtifactStore | undefined;
}

// The log is complete when its stream ends; a cluster that does not end it is not waited for longer.
const logDrainMilliseconds = 5_000;
// A container that ended by itself is reported so within a second or so.
const endSeenMilliseconds = 3_000;

/** One build: a Job that gets the context, its log, its result, and its removal. */
export class KanikoBuild {
  readonly #life: BuildLife;
  readonly #stages: BuildStages;
  readonly #steps: ExecutorSteps;
  readonly #cleanup: BuildCleanup;
  readonly #log = new LogTail();
  /** Aborted when the build has ended: whoever still follows something then has nobody to tell. */
  readonly #over = new AbortController();
  readonly #id: string;
  readonly #tags: readonly ImageReference[];

  constructor(
    private readonly input: KanikoBuildInput,
    private readonly request: BuildRequest,
    private readonly control: BuildControl,
  ) {
    this.#id = buildId(request.buildId);
    this.#tags = qualifyTags(input.registry, request.tags);
    onlyPlatform(request);
    this.#stages = new BuildStages((event) => control.onEvent?.(event));
    this.#steps = new ExecutorSteps(this.#stages.report);
    this.#cleanup = new BuildCleanup(this.#stages.report);
    this.#life = new BuildLife(control.signal, input.configuration.build_timeout);
  }

  async run(): Promise<BuildResult> {
    let connection: KubernetesConnection | undefined;
    let check: RegistryCheck | undefined;
    try {
      this.#life.signal.throwIfAborted();
      this.#stages.begin('prepare', 'Preparing the build');
      const opening = KubernetesConnection.open(this.input.configuration);
      const preparing = this.#prepare();
      [connection] = await Promise.all([opening, preparing]);
      const { context, access } = await preparing;
      this.#warnSkipped(context);
      check = new RegistryCheck(this.input.registry.transport, access.credentials, this.#tags);
      const digest = await this.#build(connection, context, access);
      this.#stages.begin('finish', 'Checking the image and cleaning up');
      const [warning] = await Promise.all([check.confirm(digest, this.#life.signal), this.#cleanup.run()]);
      if (warning !== undefined) this.#stages.report(warning);
      this.#stages.end('done');
      const images = this.#tags.map((tag) => ({ tag: tag.toString(), reference: tag.withDigest(digest).toString() }));
      return { buildId: this.#id, digest, images, timings: this.#stages.results() };
    } catch (error) {
      this.#stages.end('failed');
      throw this.#life.signal.aborted ? this.#life.signal.reason : error;
    } finally {
      await this.#cleanup.run();
      this.#over.abort();
      check?.close();
      connection?.close();
      this.#life.end();
    }
  }

  #prepare(): ReturnType<typeof prepareBuild> {
    const { registry, configuration } = this.input;
    const { signal } = this.#life;
    const warn = this.#stages.report;
    return prepareBuild({ request: this.request, registry, configuration, tags: this.#tags, warn, signal });
  }

  /** @returns the digest that the executor reported */
  async #build(connection: KubernetesConnection, context: BuildContext, access: RegistryAccess): Promise<string> {
    const stored = await this.#store(context);
    const monitor = await this.#start(connection, { context, access, stored });
    try {
      await monitor.untilStarted(this.input.configuration.pod_running_timeout, this.#life.signal);
      const ended = this.#ended(connection, monitor);
      ended.catch(() => undefined);
      const log = this.#followLog(connection, monitor.podName ?? '', ended);
      if (stored === undefined) await this.#send(connection, monitor, context, { ended, log });
      this.#stages.begin('build', 'Building the image');
      const terminated = await ended;
      await Promise.race([log, after(logDrainMilliseconds)]);
      this.#steps.end(terminated.exitCode === 0 ? 'done' : 'failed');
      return this.#result(terminated);
    } catch (error) {
      await this.#cleanup.run();
      throw error;
    }
  }

  /** @returns where the context lies, if it goes through the artifact store */
  async #store(context: BuildContext): Promise<string | undefined> {
    const { artifactStore } = this.input;
    if (artifactStore === undefined) return undefined;
    this.#stages.begin('upload', `Storing the build context in '${artifactStore.info.name}'`);
    this.#cleanup.storedContext(artifactStore, this.#id);
    const { signal } = this.#life;
    return storeContext(artifactStore, this.#id, packedContext(context, this.#stages, signal), signal);
  }

  async #start(
    connection: KubernetesConnection,
    { context, access, stored }: { context: BuildContext; access: RegistryAccess; stored: string | undefined },
  ): Promise<PodMonitor> {
    this.#stages.begin('start', 'Starting the pod');
    const { signal } = this.#life;
    const { info, registry, configuration } = this.input;
    const manifests = buildManifests({
      id: this.#id,
      info,
      configuration,
      registry,
      access,
      executor: {
        context: stored ?? stdinContext,
        dockerfile: context.dockerfile,
        tags: this.#tags,
        request: this.request,
      },
    });
    const api = new JobApi(connection);
    const job = await api.create(manifests.job, signal);
    const owner = { name: job.metadata?.name ?? '', uid: job.metadata?.uid ?? '' };
    const monitor = new PodMonitor(connection, {
      buildId: this.#id,
      job: owner,
      onWaiting: ({ reason, message }) => this.#stages.report({ type: 'waiting', stage: 'start', reason, message }),
      onWarning: (error) =>
        this.#warn(
          'What the pod waits for cannot be told in full.',
          error instanceof Error ? error.message : undefined,
        ),
    });
    this.#cleanup.job({ api, ...owner, hasSecret: manifests.secret !== undefined, monitor });
    // The Secret follows the Job, since it has to name it as its owner: so it can never be left behind.
    if (manifests.secret !== undefined) await api.createSecret(ownedBy(job, manifests.secret), signal);
    return monitor;
  }

  async #send(
    connection: KubernetesConnection,
    monitor: PodMonitor,
    context: BuildContext,
    { ended, log }: { ended: Promise<V1ContainerStateTerminated>; log: Promise<void> },
  ): Promise<void> {
    this.#stages.begin('upload', 'Sending the build context');
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#life.signal, stop.signal]);
    const source = packedContext(context, this.#stages, signal);
    const target = { pod: monitor.podName ?? '', container: executorContainer, signal };
    const sent = attachStdin(connection, source, target).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    try {
      // An executor that ends before it has everything has something to say; it is not kept waiting.
      const first = await Promise.race([sent, ended]);
      if (first === undefined) return;
      // A link that was not allowed says nothing of the executor, which still waits for its input.
      if ('error' in first && KubernetesApiError.is(first.error) && first.error.status === 403) throw first.error;
      // Where the pod itself was lost, that is what cut the link, and is thrown here.
      const end = await Promise.race([ended, after(endSeenMilliseconds)]);
      if (end !== undefined) {
        await Promise.race([log, after(logDrainMilliseconds)]);
        if (!this.#log.lines.some((line) => /unexpected EOF|source context: EOF/.test(line))) return;
      }
      // Of a link that was cut the executor sees only the early end of its input: then the cut is what happened.
      const cut = await Promise.race([sent, after(endSeenMilliseconds)]);
      if (cut !== undefined) throw cut.error;
    } finally {
      stop.abort();
      await sent;
    }
  }

  async #followLog(connection: KubernetesConnection, pod: string, ended: Promise<unknown>): Promise<void> {
    try {
      const signal = this.#whileBuilding();
      for await (const line of followPodLogs(connection, { pod, container: executorContainer, signal, ended })) {
        this.#log.push(line);
        this.#steps.line(line);
        this.#stages.report({ type: 'log', line });
      }
    } catch (error) {
      this.#warn('What the executor prints cannot be shown.', error instanceof Error ? error.message : undefined);
    }
  }

  /** The executor's end; where the pod vanished because the Job's deadline passed, that is said. */
  async #ended(connection: KubernetesConnection, monitor: PodMonitor): Promise<V1ContainerStateTerminated> {
    try {
      return await monitor.untilTerminated(this.#life.signal);
    } catch (error) {
      if (SlipwayError.is(error) && error.code === 'POD_LOST') {
        const job = await new JobApi(connection).get(jobName(this.#id), this.#whileBuilding());
        const late = job?.status?.conditions?.some(({ reason }) => reason === 'DeadlineExceeded');
        if (late) throw timedOut(this.input.configuration.build_timeout);
      }
      throw error;
    }
  }

  #result(terminated: V1ContainerStateTerminated): string {
    if (terminated.exitCode !== 0) throw executorFailure(terminated, this.#log.lines);
    const digest = reportedDigest(terminated.message ?? '', this.#tags);
    if (digest !== undefined) return digest;
    throw new SlipwayError({
      code: 'RESULT_MISSING',
      message: 'The executor ended without an error, but did not report the image that was asked for.',
      reason: 'Its termination message has no line of the requested repository.',
      fix: 'Use an image of the Kaniko executor: slipway image-builder describe NAME',
    });
  }

  #whileBuilding(): AbortSignal {
    return AbortSignal.any([this.#life.signal, this.#over.signal]);
  }

  #warnSkipped({ skipped }: BuildContext): void {
    if (skipped.length === 0) return;
    const more = skipped.length > 3 ? `, and ${skipped.length - 3} more` : '';
    this.#warn(
      `Left out of the build context: ${skipped.slice(0, 3).join(', ')}${more}.`,
      'Sockets, pipes and devices cannot be sent.',
    );
  }

  #warn(message: string, reason?: string): void {
    this.#stages.report({ type: 'warning', message, reason });
  }
}

function after(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds).unref());
}
