import type { V1Job } from '@kubernetes/client-node';
import { type BuildResult, type BuildStages, SlipwayError } from '@slipway/core';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { buildIdLabel, detachedLabel } from '../manifest/build-labels.js';
import { BuildCleanup } from './build-cleanup.js';
import type { BuildLife } from './build-life.js';
import { manifestOf } from './build-details.js';
import { buildRecord, buildTags, buildTimings } from './build-record.js';
import { ExecutorRun } from './executor-run.js';
import { digestAtEnd, imageDigest } from './image-digest.js';
import { JobApi } from './job-api.js';
import { identityOf, monitorJob } from './monitor-job.js';
import type { PodMonitor } from './pod-monitor.js';
import type { RegistryCheck } from './registry-check.js';

export interface FollowBuildInput {
  readonly connection: KubernetesConnection;
  readonly life: BuildLife;
  readonly stages: BuildStages;
  /** Undefined where the registry of the build is not known here. */
  readonly check: RegistryCheck | undefined;
  /** Only so many of the lines that are there already; all unless given. */
  readonly tail?: number | undefined;
}

// The client that began the build removes it a moment after its end, if it still lives.
const ownerMilliseconds = 3_000;

/**
 * Follows a build that another client began, to its result. Of a build that nobody left to itself, what that client would have removed
 * is removed here. Whoever stops to follow leaves the build as it is.
 * @throws SlipwayError what the build failed with; `BUILD_GOES_ON` where the signal was aborted
 */
export async function followBuild(job: V1Job, input: FollowBuildInput): Promise<BuildResult> {
  const { connection, life, stages, check, tail } = input;
  const api = new JobApi(connection);
  const identity = identityOf(job);
  const buildId = job.metadata?.labels?.[buildIdLabel] ?? '';
  const deadlineSeconds = job.spec?.activeDeadlineSeconds ?? 0;
  life.cancelledAs(() => goesOn(buildId));
  const common = { connection, api, job: identity, deadlineSeconds, report: stages.report };
  const monitor = monitorJob({ ...common, buildId });
  let run: ExecutorRun | undefined;
  try {
    const { tags: written, createdAt, imageBuilder, user, detached } = buildRecord(job, undefined);
    const origin = { createdAt, imageBuilder, user, detached };
    stages.report({ type: 'build-created', buildId, tags: written, resources: [manifestOf(job)], origin });
    stages.begin('start', `Waiting for the build ${buildId}`);
    if (job.spec?.suspend === true) {
      const message = 'It waits for its turn: as many builds run as may.';
      stages.report({ type: 'waiting', stage: 'start', reason: 'MaxParallelBuilds', message });
    }
    await monitor.untilStarted(undefined, life.signal);
    stages.begin('build', 'Building the image');
    run = new ExecutorRun({ ...common, monitor, signal: life.signal, tail });
    const tags = buildTags(job);
    // The Job of a detached build stays, and what it says of itself shall fit what was said here.
    const digest = await (detached ? digestAtEnd : imageDigest)(run, tags, check, life.signal);
    stages.begin('finish', 'Checking the image');
    const warning = await check?.confirm(digest, life.signal);
    if (warning !== undefined) stages.report(warning);
    // By now the Job may say more of how long everything took.
    const latest = (await api.get(identity.name, life.signal).catch(() => undefined)) ?? job;
    await tidyUp(api, latest, monitor, stages);
    stages.end('done');
    const images = tags.map((tag) => ({ tag: tag.toString(), reference: tag.withDigest(digest).toString() }));
    return { buildId, digest, images, timings: buildTimings(latest, monitor.lastPod), cache: run.cache };
  } catch (error) {
    if (!life.signal.aborted) await tidyUp(api, job, monitor, stages);
    throw error;
  } finally {
    run?.stop();
    monitor.stop();
  }
}

async function tidyUp(api: JobApi, job: V1Job, monitor: PodMonitor, stages: BuildStages): Promise<void> {
  const identity = identityOf(job);
  if (job.metadata?.labels?.[detachedLabel] === 'true') {
    // The result stays for others to fetch; credentials are of no use to it.
    await api.deleteSecret(identity.name, AbortSignal.timeout(ownerMilliseconds)).catch(() => undefined);
    return;
  }
  await monitor.untilGone(AbortSignal.timeout(ownerMilliseconds)).catch(() => undefined);
  const cleanup = new BuildCleanup(stages.report);
  cleanup.job({ api, ...identity, hasSecret: true, monitor });
  await cleanup.run();
}

function goesOn(id: string): SlipwayError {
  return new SlipwayError({
    code: 'BUILD_GOES_ON',
    message: `The build '${id}' goes on in the cluster; it is only not followed any more.`,
    fix: `slipway builds attach ${id}, or to end it: slipway builds cancel ${id}`,
    exitCode: 130,
  });
}
