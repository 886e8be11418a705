import { stripVTControlCharacters } from 'node:util';
import type { V1ContainerStateTerminated } from '@kubernetes/client-node';
import { type BuildEvent, type CacheUse, SlipwayError } from '@slipway/core';
import type { ImageReference } from '@slipway/oci';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { followPodLogs } from '../kubernetes/pod-logs.js';
import { executorContainer } from '../manifest/build-names.js';
import { after } from './after.js';
import { CacheCount } from './cache-count.js';
import { executorFailure } from './executor-failure.js';
import { ExecutorSteps } from './executor-steps.js';
import type { JobApi } from './job-api.js';
import { jobEnd } from './job-end.js';
import { LogTail } from './log-tail.js';
import type { PodMonitor } from './pod-monitor.js';
import { PushedImages } from './pushed-images.js';
import { reportedDigest } from './termination-message.js';

export interface ExecutorRunInput {
  readonly connection: KubernetesConnection;
  readonly api: JobApi;
  readonly job: { readonly name: string; readonly uid: string };
  /** Of a pod whose executor runs, or has run. */
  readonly monitor: PodMonitor;
  /** The signal under which the build runs. */
  readonly signal: AbortSignal;
  /** What the error says that passed its deadline. */
  readonly deadlineSeconds: number;
  readonly report: (event: BuildEvent) => void;
  /** Only so many of the lines that are there already; all unless given. */
  readonly tail?: number | undefined;
}

// The log is complete when its stream ends; a cluster that does not end it is not waited for longer.
const logDrainMilliseconds = 5_000;

// What the executor says while it fetches its context.
const isAboutContext = /(Retriev|Extract)(ing|ed) https tar|bucket/i;

/** An executor that runs: its log, its end, and what it made. */
export class ExecutorRun {
  readonly log = new LogTail();
  /** The executor's end; rejects where it is never known how it ended. */
  readonly ended: Promise<V1ContainerStateTerminated>;
  readonly #cache = new CacheCount();
  readonly #images = new PushedImages();
  readonly #looks = new Set<() => void>();
  readonly #steps: ExecutorSteps;
  readonly #logged: Promise<void>;
  readonly #printed: Promise<void>;
  #print: () => void = () => {};
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;

  constructor(private readonly input: ExecutorRunInput) {
    this.#signal = AbortSignal.any([input.signal, this.#over.signal]);
    this.#steps = new ExecutorSteps(input.report);
    this.#printed = new Promise((resolve) => (this.#print = resolve));
    this.ended = this.#untilEnded();
    this.ended.catch(() => undefined);
    this.#logged = this.#follow();
  }

  /** How the executor's cache served the build; undefined where it did not use one. */
  get cache(): CacheUse | undefined {
    return this.#cache.use;
  }

  /** Waits until the executor has printed something or has ended: it then has read its context. */
  async begins(): Promise<void> {
    await Promise.race([this.#printed, this.ended]);
  }

  /** Waits until the log says that all of the tags were pushed, which it may never do. @returns their digest, which nobody has confirmed */
  pushed(tags: readonly ImageReference[]): Promise<string> {
    return new Promise((resolve) => {
      const look = (): void => {
        const digest = this.saidPushed(tags);
        if (digest === undefined) return;
        this.#looks.delete(look);
        resolve(digest);
      };
      this.#looks.add(look);
      look();
    });
  }

  /** The digest under which the log, as far as it was read, says that all of the tags were pushed. */
  saidPushed(tags: readonly ImageReference[]): string | undefined {
    return this.#images.digest(tags);
  }

  /** Waits until the whole log was told, as far as the cluster has it. Call it after the end. */
  async drained(): Promise<void> {
    await Promise.race([this.#logged, after(logDrainMilliseconds)]);
  }

  /**
   * The digest that the executor reported.
   * @throws SlipwayError what failed, by the executor's last words; `RESULT_MISSING`
   */
  async digest(tags: readonly ImageReference[]): Promise<string> {
    const terminated = await this.ended;
    await this.drained();
    this.#steps.end(terminated.exitCode === 0 ? 'done' : 'failed');
    if (terminated.exitCode !== 0) throw executorFailure(terminated, this.log.lines);
    const digest = reportedDigest(terminated.message ?? '', tags);
    if (digest !== undefined) return digest;
    throw new SlipwayError({
      code: 'RESULT_MISSING',
      message: 'The executor ended without an error, but did not report the image that was asked for.',
      reason: 'Its termination message has no line of the requested repository.',
      fix: 'Use an image of the Kaniko executor: slipway image-builder describe NAME',
    });
  }

  /** Nobody is told anything any more. */
  stop(): void {
    this.#over.abort();
  }

  async #untilEnded(): Promise<V1ContainerStateTerminated> {
    const { monitor, api, job, deadlineSeconds } = this.input;
    try {
      return await monitor.untilTerminated(this.input.signal);
    } catch (error) {
      if (!SlipwayError.is(error) || error.code !== 'POD_LOST') throw error;
      // Where the pod vanished because of what became of its Job, that is said.
      const end = await jobEnd(api, job, { signal: this.#signal, deadlineSeconds });
      throw end === undefined || end.code === 'POD_LOST' ? error : end;
    }
  }

  async #follow(): Promise<void> {
    const { connection, monitor, report } = this.input;
    const target = { pod: monitor.podName ?? '', container: executorContainer, signal: this.#signal };
    try {
      for await (const line of followPodLogs(connection, { ...target, ended: this.ended, tail: this.input.tail })) {
        this.log.push(line);
        if (!isAboutContext.test(line)) this.#print();
        // The executor logs in colours.
        const plain = stripVTControlCharacters(line);
        this.#cache.line(plain);
        this.#steps.line(plain);
        this.#images.line(plain);
        for (const look of this.#looks) look();
        report({ type: 'log', line });
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : undefined;
      report({ type: 'warning', message: 'What the executor prints cannot be shown.', reason });
    }
  }
}
