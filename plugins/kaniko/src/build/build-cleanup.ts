import type { ArtifactStore, BuildEvent } from '@slipway/core';
import { keptAfterEndSeconds } from '../manifest/build-job.js';
import type { JobApi } from './job-api.js';
import type { PodMonitor } from './pod-monitor.js';
import { contextKey } from './upload-context.js';

// Deleting is worth some patience, but not more than that of a person who pressed Ctrl-C.
const patienceMilliseconds = 20_000;

/** What a build made, and how it is removed on every way out. */
export class BuildCleanup {
  #job: { readonly api: JobApi; readonly name: string; readonly uid: string; readonly monitor: PodMonitor } | undefined;
  #stored: { readonly store: ArtifactStore; readonly buildId: string } | undefined;
  #done = false;

  constructor(private readonly report: (event: BuildEvent) => void) {}

  job(api: JobApi, name: string, uid: string, monitor: PodMonitor): void {
    this.#job = { api, name, uid, monitor };
  }

  storedContext(store: ArtifactStore, buildId: string): void {
    this.#stored = { store, buildId };
  }

  /** Removes everything, once, and tells what could not be removed. Never throws. */
  async run(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    await Promise.all([this.#deleteJob(), this.#deleteStored()]);
  }

  async #deleteJob(): Promise<void> {
    if (this.#job === undefined) return;
    const { api, name, uid, monitor } = this.#job;
    const signal = AbortSignal.timeout(patienceMilliseconds);
    try {
      await api.delete(name, uid, signal);
    } catch (error) {
      this.#left(`The Job '${name}' in namespace '${api.namespace}' could not be deleted.`, error, {
        reason: `It ends at its deadline, and the cluster removes it ${keptAfterEndSeconds} s after its end.`,
        fix: `kubectl --namespace ${api.namespace} delete job ${name}`,
      });
      monitor.stop();
      return;
    }
    try {
      // A pod whose container has ended may stay for seconds until its node has tidied up; nothing of it is needed any more.
      if (monitor.hasEnded && monitor.podName !== undefined) await api.deletePod(monitor.podName, signal);
      await monitor.untilGone(signal);
    } catch (error) {
      this.#left(`The pod of the Job '${name}' in namespace '${api.namespace}' is still ending.`, error, {
        reason: 'The Job is deleted, and the cluster removes what belongs to it.',
      });
    } finally {
      monitor.stop();
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
    const why = error instanceof Error ? error.message : String(error);
    this.report({ type: 'warning', message, reason: reason === undefined ? why : `${why} ${reason}`, fix });
  }
}
