import type { V1Job } from '@kubernetes/client-node';
import type { BuildEvent } from '@slipway/core';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { KubernetesApiError } from '../kubernetes/kubernetes-error.js';
import { listAndWatch } from '../kubernetes/list-and-watch.js';
import { aliveAnnotation, buildsSelector, componentLabel, ticketAnnotation } from '../manifest/build-labels.js';
import type { JobApi } from './job-api.js';
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

interface Seen {
  readonly job: V1Job;
  /** When it last changed, by our own clock. */
  readonly changedAt: number;
}

const signEveryMilliseconds = 10_000;
const deadAfterMilliseconds = 45_000;

/**
 * Waits until it is the build's turn, and lets its Job begin. The suspended Jobs of a component are its queue: they are counted in the
 * cluster, so that the limit holds for all who build with the component, wherever they are. They go in the order in which the API server
 * made them. Each waiting client changes its Job now and then; a Job that nobody changes has lost its client, and is removed by the others.
 */
export async function waitForTurn({ connection, api, job, limit, report, signal }: TurnInput): Promise<void> {
  const own = identityOf(job);
  const place = job.metadata?.resourceVersion ?? '';
  const component = job.metadata?.labels?.[componentLabel] ?? '';
  const watch = new AbortController();
  const either = AbortSignal.any([signal, watch.signal]);
  const seen = new Map<string, Seen>();
  let told = '';
  const give = async (sign: number): Promise<void> => {
    const annotations = { [ticketAnnotation]: place, [aliveAnnotation]: String(sign) };
    await api.patch(own, { metadata: { annotations } }, signal);
  };
  /** Whether it is our turn; says what is waited for, if not. */
  const isOurs = (): boolean => {
    const others = [...seen.values()].map((entry) => entry.job).filter((other) => identityOf(other).uid !== own.uid);
    const running = others.filter((other) => !isOver(other) && other.spec?.suspend !== true).length;
    const ahead = others.filter((other) => isQueued(other) && isBefore(placeOf(other), place)).length;
    if (running + ahead < limit) return true;
    const queue = ahead === 0 ? '' : `, ${ahead} wait ahead of this one`;
    const message = `${running} builds of this image builder run, ${limit} may${queue}.`;
    if (message !== told) report({ type: 'waiting', stage: 'queue', reason: 'MaxParallelBuilds', message });
    told = message;
    return false;
  };
  let sign = 0;
  await give(sign);
  const timer = setInterval(() => {
    give(++sign).catch(() => undefined);
    void removeDead(api, seen, own.uid, signal);
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
      else seen.set(uid, { job: object, changedAt: performance.now() });
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

async function removeDead(
  api: JobApi,
  seen: ReadonlyMap<string, Seen>,
  own: string,
  signal: AbortSignal,
): Promise<void> {
  for (const [uid, { job, changedAt }] of seen) {
    if (uid === own || !isQueued(job) || performance.now() - changedAt < deadAfterMilliseconds) continue;
    await api.delete(identityOf(job).name, uid, signal).catch((error: unknown) => {
      if (!KubernetesApiError.is(error)) return;
    });
  }
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
