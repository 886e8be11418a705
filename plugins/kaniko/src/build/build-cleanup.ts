import type { ArtifactStore, BuildEvent } from '@slipway/core';
import { keptAfterEndSeconds } from '../manifest/build-job.js';
import type { JobApi } from './job-api.js';
import type { PodMonitor } from './pod-monitor.js';
import { contextKey } from './upload-context.js';

// Deleting is worth some patience, but not more than that of a person who pressed Ctrl-C.
const patienceMilliseconds = 20_000;

/** What a build made in the cluster. */
export interface BuildTraces {
  readonly api: JobApi;
  /** The Job's name, which is its Secret's as well. */
  readonly name: string;
  readonly uid: string;
  readonly hasSecret: boolean;
  /** Once its pod is watched. */
  readonly monitor?: PodMonitor | undefined;
}

/** What a build made, and how it is removed on every way out. */
export class BuildCleanup {
  #job: BuildTraces | undefined;
  #stored: { readonly store: ArtifactStore; readonly buildId: string } | undefined;
  #run: Promise<unknown> | undefined;
  #executorIsDone = false;

  constructor(private readonly report: (event: BuildEvent) => void) {}

  job(traces: BuildTraces): void {
    this.#job = traces;
  }

  /** All that the executor was there for is done, whether or not the cluster knows that it has ended. */
  executorIsDone(): void {
    this.#executorIsDone = true;
  }

  /** The Job goes on without its client. */
  keepJob(): void {
    this.#job?.monitor?.stop();
    this.#job = undefined;
  }

  storedContext(store: ArtifactStore, buildId: string): void {
    this.#stored = { store, buildId };
  }

  /** Removes everything, once, and tells what could not be removed. Never throws. */
  async run(): Promise<void> {
    // Whoever comes later waits for the same end: the connection must not be closed in the middle of it.
    this.#run ??= Promise.all([this.#deleteJob(), this.#deleteStored()]);
    await this.#run;
  }

  async #deleteJob(): Promise<void> {
    if (this.#job === undefined) return;
    const { api, name, uid, hasSecret, monitor } = this.#job;
    const signal = AbortSignal.timeout(patienceMilliseconds);
    // It goes with its Job, but credentials need not wait for the cluster to come round to that.
    const secret = hasSecret ? api.deleteSecret(name, signal).catch(() => undefined) : undefined;
    try {
      await api.delete(name, uid, signal);
    } catch (error) {
      this.#left(`The Job '${name}' in namespace '${api.namespace}' could not be deleted.`, error, {
        reason: `It ends at its deadline, and the cluster removes it ${keptAfterEndSeconds} s after its end.`,
        fix: `kubectl --namespace ${api.namespace} delete job ${name}`,
      });
      monitor?.stop();
      return;
    }
    try {
      // A pod whose container has ended may stay for seconds until its node has tidied up; nothing of it is needed any more.
      const isDone = this.#executorIsDone || monitor?.hasEnded === true;
      if (isDone && monitor?.podName !== undefined) await api.deletePod(monitor.podName, signal);
      await Promise.all([secret, monitor?.untilGone(signal)]);
    } catch (error) {
      this.#left(`The pod of the Job '${name}' in namespace '${api.namespace}' is still ending.`, error, {
        reason: 'The Job is deleted, and the cluster removes what belongs to it.',
      });
    } finally {
      monitor?.stop();
    }
  }

  async #deleteStored(): Promise<void> {
    if (this.#stored === undefined) return;
    const { store, buildId } = this.#stored;
    try {
      await store.delete(contextKey(buildId));
    } catch (error) {
      this.#left(`The build context ${store.uri}/${contextKey(buildId)} could not be deleted.`, error, {});
    }
  }

  #left(message: string, error: unknown, { reason, fix }: { reason?: string; fix?: string }): void {
    const why = explain(error);
    this.report({ type: 'warning', message, reason: reason === undefined ? why : `${why} ${reason}`, fix });
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'TimeoutError' ? `It was tried for ${patienceMilliseconds / 1000} s.` : error.message;
}
