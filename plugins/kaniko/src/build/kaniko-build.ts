import type { V1Job } from '@kubernetes/client-node';
import {
  type BuildContext,
  type BuildControl,
  type BuildRequest,
  type BuildResult,
  BuildStages,
  skippedWarning,
  type StartedBuild,
} from '@slipway/core';
import { type ImageReference, qualifyTags } from '@slipway/oci';
import { missingPermission } from '../doctor/check-permissions.js';
import { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { type BuildManifests, buildManifests, ownedBy, stdinContext } from '../manifest/build-manifests.js';
import { buildId } from '../manifest/build-names.js';
import { markedJob, requestDigest } from '../manifest/marked-job.js';
import { checkNodes } from '../platforms/check-nodes.js';
import { onlyPlatform } from '../platforms/requested-platforms.js';
import { BuildCleanup } from './build-cleanup.js';
import { BuildLife } from './build-life.js';
import { waitForTurn } from './build-queue.js';
import { createJob } from './create-job.js';
import { ExecutorRun } from './executor-run.js';
import { followBuild } from './follow-build.js';
import { imageDigest } from './image-digest.js';
import { JobApi } from './job-api.js';
import { JobGuard } from './job-guard.js';
import type { KanikoBuildInput } from './kaniko-build-input.js';
import { identityOf, monitorJob } from './monitor-job.js';
import type { PodMonitor } from './pod-monitor.js';
import { type PreparedBuild, prepareBuild } from './prepare-build.js';
import { RegistryCheck } from './registry-check.js';
import { sendContext } from './send-context.js';
import { executionTimedOut, queueTimedOut, timedOut, uploadTimedOut } from './timeouts.js';
import { packedContext, storeContext } from './upload-context.js';

interface StartInput extends PreparedBuild {
  /** Where the context lies, if it goes through the artifact store. */
  readonly stored: string | undefined;
  readonly detached: boolean;
}

/** A Job that is there, and its pod under watch. */
interface StartedJob {
  readonly job: V1Job;
  readonly monitor: PodMonitor;
  readonly guard: JobGuard;
}

/** One build: a Job that gets the context, its log, its result, and its removal. */
export class KanikoBuild {
  readonly #life: BuildLife;
  readonly #stages: BuildStages;
  readonly #cleanup: BuildCleanup;
  readonly #id: string;
  readonly #tags: readonly ImageReference[];
  #run: ExecutorRun | undefined;

  constructor(
    private readonly input: KanikoBuildInput,
    private readonly request: BuildRequest,
    private readonly control: BuildControl,
  ) {
    this.#id = input.part?.id ?? buildId(request.buildId);
    this.#tags = qualifyTags(input.registry, request.tags);
    onlyPlatform(request);
    this.#stages = new BuildStages((event) => control.onEvent?.(event));
    this.#cleanup = new BuildCleanup(this.#stages.report);
    this.#life = new BuildLife(control.signal);
  }

  /** Builds, and stays until the image is there. */
  async run(): Promise<BuildResult> {
    const { registry, configuration } = this.input;
    return this.#inCluster(async (connection, { context, access }) => {
      const stored = await this.#store(context);
      const check = new RegistryCheck(registry.transport, access.credentials, this.#tags);
      try {
        const started = await this.#start(connection, { context, access, stored, detached: false });
        if ('runs' in started) return await this.#follow(connection, started.runs, check);
        const { run } = await this.#feed(connection, context, started, stored);
        this.#stages.begin('build', 'Building the image');
        const digest = await this.#life.within(configuration.execution_timeout, executionTimedOut, () =>
          imageDigest(run, this.#tags, check, this.#life.signal),
        );
        this.#cleanup.executorIsDone();
        this.#stages.begin('finish', 'Checking the image and cleaning up');
        const [warning] = await Promise.all([check.confirm(digest, this.#life.signal), this.#cleanup.run()]);
        if (warning !== undefined) this.#stages.report(warning);
        this.#stages.end('done');
        const images = this.#tags.map((tag) => ({ tag: tag.toString(), reference: tag.withDigest(digest).toString() }));
        return { buildId: this.#id, digest, images, timings: this.#stages.results(), cache: run.cache };
      } finally {
        check.close();
      }
    });
  }

  /** Starts the build and leaves it to the cluster once the executor has the context. */
  async detach(): Promise<StartedBuild> {
    return this.#inCluster(async (connection, { context, access }) => {
      const stored = await this.#store(context);
      const started = await this.#start(connection, { context, access, stored, detached: true });
      const result = { buildId: this.#id, tags: this.#tags.map((tag) => tag.toString()) };
      if ('runs' in started) return result;
      const { run, sent } = await this.#feed(connection, context, started, stored);
      // An executor that has ended before it had everything has failed, and that is said now.
      if (!sent) await run.digest(this.#tags);
      // Nobody would remove a stored context later, so its reader is waited for.
      if (stored !== undefined) await run.begins();
      // From now on it is the Job alone that knows.
      await started.guard.settled();
      this.#stages.end('done');
      this.#cleanup.keepJob();
      return result;
    });
  }

  /** What every build does before and after: it prepares, and whatever the way out, it leaves nothing that it does not mean to. */
  async #inCluster<T>(work: (connection: KubernetesConnection, prepared: PreparedBuild) => Promise<T>): Promise<T> {
    let opening: Promise<KubernetesConnection> | undefined;
    const unneeded = new AbortController();
    try {
      this.#life.signal.throwIfAborted();
      this.#stages.begin('prepare', 'Preparing the build');
      opening = this.#open(unneeded.signal);
      const [opened, prepared] = await Promise.all([opening, this.#prepare()]);
      const skipped = skippedWarning(prepared.context);
      if (skipped !== undefined) this.#stages.report(skipped);
      return await work(opened, prepared);
    } catch (error) {
      const cause: unknown = this.#life.signal.aborted ? this.#life.signal.reason : error;
      this.#stages.fail(cause);
      throw cause;
    } finally {
      await this.#cleanup.run();
      this.#run?.stop();
      // Where the call itself was wrong, the cluster is still being asked.
      unneeded.abort();
      void opening?.then((connection) => connection.close()).catch(() => undefined);
      this.#life.end();
    }
  }

  /** Connects, and asks by one request for what the build cannot do without, while the context is read. */
  async #open(unneeded: AbortSignal): Promise<KubernetesConnection> {
    const { configuration, registry, info, part } = this.input;
    const signal = AbortSignal.any([this.#life.signal, unneeded]);
    const connection = await KubernetesConnection.open(configuration);
    try {
      // Of a build for several platforms this was asked before, for all of them.
      const platform = part === undefined ? onlyPlatform(this.request) : undefined;
      const [missing] = await Promise.all([
        missingPermission(connection, { configuration, registry }, info.name, signal),
        platform === undefined ? undefined : checkNodes({ connection, configuration, platforms: [platform], signal }),
      ]);
      if (missing !== undefined) throw missing;
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  #prepare(): Promise<PreparedBuild> {
    const { registry, configuration, part } = this.input;
    const { signal } = this.#life;
    const warn = this.#stages.report;
    const { request } = this;
    return prepareBuild({ request, context: part?.context, registry, configuration, tags: this.#tags, warn, signal });
  }

  /** @returns where the context lies, if it goes through the artifact store */
  async #store(context: BuildContext): Promise<string | undefined> {
    const { artifactStore, configuration } = this.input;
    if (artifactStore === undefined) return undefined;
    this.#stages.begin('upload', `Storing the build context in '${artifactStore.info.name}'`);
    this.#cleanup.storedContext(artifactStore, this.#id);
    const { signal } = this.#life;
    return this.#life.within(configuration.upload_timeout, uploadTimedOut, () =>
      storeContext(artifactStore, this.#id, packedContext(context, this.#stages, signal), signal),
    );
  }

  /** @returns what was started, or the Job of the same build that runs already */
  async #start(
    connection: KubernetesConnection,
    { context, access, stored, detached }: StartInput,
  ): Promise<StartedJob | { readonly runs: V1Job }> {
    const { signal } = this.#life;
    const { configuration, part } = this.input;
    const api = new JobApi(connection);
    const request = await requestDigest(this.request, context, this.#tags.map(String), signal);
    const { job: draft, secret } = this.#manifests({ context, access, stored });
    const { max_parallel_builds: limit, build_timeout, keep_finished, pod_running_timeout } = configuration;
    const queued = limit !== undefined;
    const marked = markedJob(draft, {
      keptSeconds: detached ? keep_finished : undefined,
      queued,
      request,
      whole: part?.whole,
    });
    this.#stages.begin(queued ? 'queue' : 'start', queued ? 'Waiting for a turn' : 'Starting the pod');
    const job = await createJob(api, marked, { id: this.#id, request, signal });
    if ('runs' in job) return job;
    const identity = identityOf(job);
    const traces = { api, ...identity, hasSecret: secret !== undefined };
    this.#cleanup.job(traces);
    this.#stages.report({
      type: 'build-created',
      buildId: this.#id,
      tags: this.#tags.map(String),
      resources: [marked],
    });
    if (limit !== undefined) {
      const turn = { connection, api, job, limit, report: this.#stages.report, signal };
      await this.#life.within(configuration.queue_timeout, queueTimedOut, () => waitForTurn(turn));
      this.#stages.begin('start', 'Starting the pod');
    }
    this.#life.limit(build_timeout, timedOut);
    const guard = new JobGuard({
      api,
      job: identity,
      buildSeconds: build_timeout,
      signal,
      onProblem: (error) => this.#warn('What the build is at could not be written down in its Job.', reasonOf(error)),
    });
    // A pod that reads its context from a store needs nobody, so nobody's death has to end it.
    guard.enter('start', this.#stages.results(), stored === undefined ? pod_running_timeout : undefined);
    const monitor = monitorJob({
      ...{ connection, api, job: identity, buildId: this.#id },
      deadlineSeconds: build_timeout,
      report: this.#stages.report,
    });
    this.#cleanup.job({ ...traces, monitor });
    // The Secret follows the Job, since it has to name it as its owner: so it can never be left behind.
    if (secret !== undefined) await api.createSecret(ownedBy(job, secret), signal);
    return { job, monitor, guard };
  }

  #manifests({ context, access, stored }: Omit<StartInput, 'detached'>): BuildManifests {
    const { info, registry, configuration } = this.input;
    const { dockerfile } = context;
    const executor = { context: stored ?? stdinContext, dockerfile, tags: this.#tags, request: this.request };
    return buildManifests({ id: this.#id, info, configuration, registry, access, executor });
  }

  /** Brings the executor to run, and hands it the context. @returns whether it got all of it */
  async #feed(
    connection: KubernetesConnection,
    context: BuildContext,
    { job, monitor, guard }: StartedJob,
    stored: string | undefined,
  ): Promise<{ run: ExecutorRun; sent: boolean }> {
    const { pod_running_timeout, upload_timeout, build_timeout } = this.input.configuration;
    const { signal } = this.#life;
    const stages = this.#stages;
    await monitor.untilStarted(pod_running_timeout, signal);
    const run = new ExecutorRun({
      ...{ connection, api: new JobApi(connection), job: identityOf(job), monitor, signal },
      deadlineSeconds: build_timeout,
      report: stages.report,
    });
    this.#run = run;
    let sent = true;
    if (stored === undefined) {
      stages.begin('upload', 'Sending the build context');
      guard.enter('upload', stages.results(), upload_timeout);
      const pod = monitor.podName ?? '';
      sent = await this.#life.within(upload_timeout, uploadTimedOut, () =>
        sendContext({ connection, pod, context, stages, run, signal }),
      );
      stages.end('done');
    }
    guard.enter('build', stages.results());
    return { run, sent };
  }

  async #follow(connection: KubernetesConnection, job: V1Job, check: RegistryCheck): Promise<BuildResult> {
    this.#warn(
      `The build '${this.#id}' runs already; this is its progress.`,
      'The same is asked for under the same id.',
    );
    return followBuild(job, {
      connection,
      check,
      life: this.#life,
      stages: this.#stages,
    });
  }

  #warn(message: string, reason?: string): void {
    this.#stages.report({ type: 'warning', message, reason });
  }
}

function reasonOf(error: unknown): string | undefined {
  return error instanceof Error ? error.message : undefined;
}
