import type { V1ContainerStateTerminated, V1Job, V1Pod } from '@kubernetes/client-node';
import type { BuildRecord, BuildState, BuildTimings } from '@slipway/core';
import { ImageReference } from '@slipway/oci';
import {
  buildIdLabel,
  componentLabel,
  detachedLabel,
  stageAnnotation,
  tagsAnnotation,
  timingsAnnotation,
  userLabel,
} from '../manifest/build-labels.js';
import { podState } from './pod-state.js';
import { reportedDigest } from './termination-message.js';

/** The build that a Job is, as far as the Job and its pod tell. */
export function buildRecord(job: V1Job, pod: V1Pod | undefined): BuildRecord {
  const { labels = {}, creationTimestamp } = job.metadata ?? {};
  const state = buildState(job, pod);
  const tags = buildTags(job);
  const terminated = terminatedState(pod);
  const digest = state === 'succeeded' ? reportedDigest(terminated?.message ?? '', tags) : undefined;
  const endedAt = terminated?.finishedAt ?? endOf(job)?.lastTransitionTime;
  return {
    buildId: labels[buildIdLabel] ?? '',
    state,
    imageBuilder: labels[componentLabel] ?? '',
    user: labels[userLabel] ?? '',
    tags: tags.map(String),
    detached: labels[detachedLabel] === 'true',
    createdAt: time(creationTimestamp) ?? '',
    ...(endedAt === undefined ? {} : { endedAt: time(endedAt) }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The references that the build pushes to. */
export function buildTags({ metadata }: V1Job): readonly ImageReference[] {
  const written = metadata?.annotations?.[tagsAnnotation] ?? '';
  return written
    .split(' ')
    .filter(Boolean)
    .map((tag) => ImageReference.parse(tag));
}

/** How long the stages took: what the client wrote down, and of the executor what its pod says. */
export function buildTimings({ metadata }: V1Job, pod: V1Pod | undefined): BuildTimings {
  const told = parseTimings(metadata?.annotations?.[timingsAnnotation]);
  const terminated = terminatedState(pod);
  if (terminated?.startedAt === undefined || terminated.finishedAt === undefined) return told;
  // Both times are of one clock. The executor runs from before the upload.
  const ran = new Date(terminated.finishedAt).getTime() - new Date(terminated.startedAt).getTime();
  const upload = told.find(({ stage }) => stage === 'upload')?.milliseconds ?? 0;
  return [...told, { stage: 'build', milliseconds: Math.max(0, ran - upload) }];
}

export function terminatedState(pod: V1Pod | undefined): V1ContainerStateTerminated | undefined {
  const state = pod === undefined ? undefined : podState(pod);
  return state?.kind === 'terminated' ? state.terminated : undefined;
}

function buildState(job: V1Job, pod: V1Pod | undefined): BuildState {
  if (job.metadata?.deletionTimestamp !== undefined) return 'cancelled';
  const state = pod === undefined ? undefined : podState(pod);
  if (state?.kind === 'terminated') return state.terminated.exitCode === 0 ? 'succeeded' : 'failed';
  const end = endOf(job);
  if (end !== undefined) return end.type === 'Complete' ? 'succeeded' : 'failed';
  if (state?.kind === 'lost') return 'failed';
  if (job.spec?.suspend === true) return 'queued';
  if (state?.kind !== 'running') return 'starting';
  const stage = job.metadata?.annotations?.[stageAnnotation];
  return stage === 'upload' || (stage === 'start' && readsStdin(job)) ? 'uploading' : 'building';
}

function readsStdin({ spec }: V1Job): boolean {
  return spec?.template.spec?.containers.some(({ stdin }) => stdin === true) === true;
}

function endOf({ status }: V1Job) {
  return status?.conditions?.find(({ type, status: is }) => /^(Failed|Complete)$/.test(type) && is === 'True');
}

function parseTimings(text: string | undefined): BuildTimings {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? (value as BuildTimings) : [];
  } catch {
    return [];
  }
}

// The types of the client say Date; JSON has text.
function time(value: Date | string | undefined): string | undefined {
  return value === undefined ? undefined : new Date(value).toISOString();
}
