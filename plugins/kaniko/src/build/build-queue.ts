import type { V1Job } from '@kubernetes/client-node';
import type { BuildEvent } from '@slipway/core';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { listAndWatch } from '../kubernetes/list-and-watch.js';
import { aliveAnnotation, buildsSelector, componentLabel, ticketAnnotation } from '../manifest/build-labels.js';
import type { JobApi } from './job-api.js';
import { buildDeleted } from './job-end.js';
import { identityOf } from './monitor-job.js';

export interface TurnInput {
  readonly connection: KubernetesConnection;
  readonly api: JobApi;
  /** Ours, suspended, as the API server answered its creation. */
  readonly job: V1Job;
  /** How many builds of the component may run at once. */
  readonly limit: number;
  readonly report: (event: BuildEvent) => void;
  readonly signal: AbortSignal;
}

const signEveryMilliseconds = 10_000;
const deadAfterMilliseconds = 45_000;

/**
 * Waits until it is the build's turn, and lets its Job begin. The suspended Jobs of a component are its queue: they are counted in the
 * cluster, so that the limit holds for all who build with the component, wherever they are. They go in the order in which the API server
 * made them. Each waiting client signs its Job now and then; a Job that nobody signs has lost its client, and is removed by the others.
 */
export async function waitForTurn({ connection, api, job, limit, report, signal }: TurnInput): Promise<void> {
  const own = identityOf(job);
  const place = job.metadata?.resourceVersion ?? '';
  const component = job.metadata?.labels?.[componentLabel] ?? '';
  const watch = new AbortController();
  const either = AbortSignal.any([signal, watch.signal]);
  const seen = new Map<string, V1Job>();
  let told = '';
  const sign = async (): Promise<void> => {
    const alive = new Date(connection.serverTime()).toISOString();
    const annotations = { [ticketAnnotation]: place, [aliveAnnotation]: alive };
    await api.patch(own, { metadata: { annotations } }, signal);
  };
  /** Whether it is our turn; says what is waited for, if not. */
  const isOurs = (): boolean => {
    const others = [...seen.values()].filter((other) => identityOf(other).uid !== own.uid);
    const running = others.filter((other) => !isOver(other) && other.spec?.suspend !== true).length;
    const ahead = others.filter((other) => isQueued(other) && isBefore(placeOf(other), place)).length;
    if (running + ahead < limit) return true;
    const queue = ahead === 0 ? '' : `, and waiting ahead of this one: ${ahead}`;
    const message = `Builds of this image builder that run: ${running} of at most ${limit}${queue}.`;
    if (message !== told) report({ type: 'waiting', stage: 'queue', reason: 'MaxParallelBuilds', message });
    told = message;
    return false;
  };
  await sign();
  const timer = setInterval(() => {
    sign().catch(() => undefined);
    const dead = [...seen.values()].filter((other) => isForsaken(other, connection.serverTime()));
    for (const { name, uid } of dead.map(identityOf)) {
      if (uid !== own.uid) api.delete(name, uid, signal).catch(() => undefined);
    }
  }, signEveryMilliseconds);
  try {
    const events = listAndWatch<V1Job>(connection, {
      path: `/apis/batch/v1/namespaces/${api.namespace}/jobs`,
      query: { labelSelector: `${buildsSelector},${componentLabel}=${component}` },
      what: `list and watch jobs in namespace ${api.namespace}`,
      signal: either,
    });
    for await (const { type, object, more } of events) {
      const { uid } = identityOf(object);
      if (type === 'DELETED') seen.delete(uid);
      else seen.set(uid, object);
      if (type === 'DELETED' && uid === own.uid) throw buildDeleted(own.name);
      // Of a list, the first half alone would look like a short queue.
      if (more || !seen.has(own.uid) || !isOurs()) continue;
      await api.patch(own, { spec: { suspend: false } }, signal);
      return;
    }
    signal.throwIfAborted();
  } finally {
    clearInterval(timer);
    watch.abort();
  }
}

/** Whether the build waits for a turn that nobody will give it. @param now the API server's time in milliseconds */
export function isForsaken(job: V1Job, now: number): boolean {
  const { annotations, creationTimestamp } = job.metadata ?? {};
  const alive = new Date(annotations?.[aliveAnnotation] ?? creationTimestamp ?? now).getTime();
  return isQueued(job) && now - alive > deadAfterMilliseconds;
}

function isQueued(job: V1Job): boolean {
  return job.spec?.suspend === true && !isOver(job);
}

function isOver({ status, metadata }: V1Job): boolean {
  const ended = status?.conditions?.some(({ type, status: is }) => /^(Failed|Complete)$/.test(type) && is === 'True');
  return ended === true || metadata?.deletionTimestamp !== undefined;
}

/** The version that the Job had when it was made: its first change writes that down. */
function placeOf({ metadata }: V1Job): string {
  return metadata?.annotations?.[ticketAnnotation] ?? metadata?.resourceVersion ?? '';
}

/** Versions are whole numbers that grow; longer ones are later. */
function isBefore(one: string, other: string): boolean {
  return one.length === other.length ? one < other : one.length < other.length;
}
