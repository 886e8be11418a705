import { KubernetesApiError } from '../kubernetes/kubernetes-error.js';
import { stageAnnotation, timingsAnnotation } from '../manifest/build-labels.js';
import type { JobApi } from './job-api.js';

type Timings = readonly { readonly stage: string; readonly milliseconds: number }[];

export interface JobGuardOptions {
  readonly api: JobApi;
  readonly job: { readonly name: string; readonly uid: string };
  /** What the whole build may take, in seconds; the Job's deadline never lies later. */
  readonly buildSeconds: number;
  readonly signal: AbortSignal;
  readonly onProblem: (error: unknown) => void;
}

// Client and cluster begin to count a moment apart.
const slackSeconds = 30;

/**
 * Writes down in the Job how far its build is, and lets its deadline lie no later than the stage needs that its client is in. So a Job
 * whose client dies while the executor still waits for its input is ended by the cluster soon, not after the whole build_timeout.
 * Needs `patch` on jobs; without it the Job keeps the deadline that it was made with.
 */
export class JobGuard {
  #last: Promise<void> = Promise.resolve();
  #refused = false;
  // Of our own clock: that of the cluster may differ, and only spans are compared.
  readonly #began = performance.now();

  constructor(private readonly options: JobGuardOptions) {}

  /** @param seconds how long the stage may take; all that is left of the build unless given */
  enter(stage: string, timings: Timings, seconds?: number): void {
    const { buildSeconds } = this.options;
    const elapsed = (performance.now() - this.#began) / 1000;
    const deadline = seconds === undefined ? buildSeconds : Math.ceil(elapsed + seconds + slackSeconds);
    this.#last = this.#last.then(() => this.#write(stage, timings, Math.min(buildSeconds, deadline)));
  }

  /** Resolves when everything is written down. @returns whether it is */
  async settled(): Promise<boolean> {
    await this.#last;
    return !this.#refused;
  }

  async #write(stage: string, timings: Timings, activeDeadlineSeconds: number): Promise<void> {
    const { api, job, signal, onProblem } = this.options;
    if (this.#refused || signal.aborted) return;
    const annotations = { [stageAnnotation]: stage, [timingsAnnotation]: JSON.stringify(timings) };
    try {
      await api.patch(job, { metadata: { annotations }, spec: { activeDeadlineSeconds } }, signal);
    } catch (error) {
      if (signal.aborted || (KubernetesApiError.is(error) && error.status === 404)) return;
      this.#refused = true;
      // Whoever has an older Role is not told with every build; the deadline is then that of the whole build from the start.
      if (KubernetesApiError.is(error) && error.status === 403) return;
      onProblem(error);
    }
  }
}
