import { setTimeout as sleep } from 'node:timers/promises';
import type { CoreV1Event, V1ContainerStateTerminated, V1Pod } from '@kubernetes/client-node';
import type { SlipwayError } from '@slipway/core';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { listAndWatch } from '../kubernetes/list-and-watch.js';
import { buildIdLabel } from '../manifest/build-labels.js';
import { type PodState, podState } from './pod-state.js';
import { notRunning, podLost, type Waiting, waitingVerdict } from './waiting-verdict.js';

export interface PodMonitorOptions {
  readonly buildId: string;
  readonly job: { readonly name: string; readonly uid: string };
  /** How the Job ended without a pod of its own to say so; undefined while it has not. */
  readonly jobEnd: (signal: AbortSignal) => Promise<SlipwayError | undefined>;
  readonly onWaiting: (waiting: Waiting) => void;
  readonly onWarning: (error: unknown) => void;
}

// A pod is there within a second or so. One that was made and deleted before we looked is known by its Job alone.
const podMissingMilliseconds = 3_000;

const told = new Set(['Pulling', 'FailedCreate', 'FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox']);

/** Watches the pod of a build, and the events about it and its Job, and says when what a build waits for has come. */
export class PodMonitor {
  #pod: V1Pod | undefined;
  #last: V1Pod | undefined;
  #state: PodState | undefined;
  #seen = false;
  #blind = false;
  #warned = false;
  #failure: { readonly error: unknown } | undefined;
  #waiting: Waiting | undefined;
  readonly #wakes = new Set<() => void>();
  readonly #controller = new AbortController();

  constructor(
    private readonly connection: KubernetesConnection,
    private readonly options: PodMonitorOptions,
  ) {
    void this.#watchPods();
    void this.#watchEvents(options.job.uid);
    void this.#watchForPod();
  }

  /** The pod's name, once there is a pod. */
  get podName(): string | undefined {
    return this.#pod?.metadata?.name;
  }

  /** The pod as it was last seen, also when it is gone. */
  get lastPod(): V1Pod | undefined {
    return this.#last;
  }

  /** Whether the executor has run and ended. */
  get hasEnded(): boolean {
    return this.#state?.kind === 'terminated';
  }

  /**
   * Waits until the executor runs or has run.
   * @param timeoutSeconds for ever unless given
   * @throws SlipwayError what keeps the pod from running, where waiting does not mend it; `POD_NOT_RUNNING` after the timeout
   */
  async untilStarted(timeoutSeconds: number | undefined, signal: AbortSignal): Promise<void> {
    const started = (): boolean => this.#state !== undefined && this.#state.kind !== 'pending';
    if (timeoutSeconds === undefined) return this.#until(started, signal);
    const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
    const either = AbortSignal.any([signal, deadline]);
    try {
      await this.#until(started, either);
    } catch (error) {
      if (!deadline.aborted || signal.aborted || error !== deadline.reason) throw error;
      throw notRunning(timeoutSeconds, this.#waiting);
    }
  }

  /** Waits until the executor has ended. @throws SlipwayError `POD_LOST` where it never says how */
  async untilTerminated(signal: AbortSignal): Promise<V1ContainerStateTerminated> {
    await this.#until(() => this.#state?.kind === 'terminated' || this.#state?.kind === 'lost', signal);
    if (this.#state?.kind === 'terminated') return this.#state.terminated;
    const { reason, message } = this.#state as Waiting;
    throw podLost(reason, message);
  }

  /** Waits until the pod is gone from the cluster. */
  async untilGone(signal: AbortSignal): Promise<void> {
    // Why the build failed does not matter any more; without the watch nobody can tell.
    await this.#until(() => this.#pod === undefined || this.#blind, signal, { despiteFailure: true });
  }

  stop(): void {
    this.#controller.abort();
  }

  async #watchPods(): Promise<void> {
    try {
      const events = listAndWatch<V1Pod>(this.connection, {
        path: `/api/v1/namespaces/${this.connection.access.namespace}/pods`,
        query: { labelSelector: `${buildIdLabel}=${this.options.buildId}` },
        what: `list and watch pods in namespace ${this.connection.access.namespace}`,
        signal: this.#controller.signal,
      });
      for await (const { type, object } of events) {
        if (!object.metadata?.ownerReferences?.some(({ uid }) => uid === this.options.job.uid)) continue;
        if (type === 'DELETED') this.#podGone(object);
        else this.#podChanged(object);
      }
    } catch (error) {
      this.#blind = true;
      this.#fail(error);
    }
  }

  async #watchForPod(): Promise<void> {
    const { signal } = this.#controller;
    try {
      for (;;) {
        await sleep(podMissingMilliseconds, undefined, { signal, ref: false });
        if (this.#seen) return;
        const end = await this.options.jobEnd(signal);
        // The watch may have been quicker after all, and what the pod says is more.
        if (this.#seen) return;
        if (end !== undefined) this.#fail(end);
      }
    } catch {
      // Whether there is a pod, the watch says; that the cluster is away, everything else.
    }
  }

  #podChanged(pod: V1Pod): void {
    if (!this.#seen) void this.#watchEvents(pod.metadata?.uid ?? '');
    this.#seen = true;
    this.#pod = pod;
    this.#last = pod;
    // What a container left when it ended stays true, whatever becomes of its pod.
    if (this.#state?.kind !== 'terminated') this.#state = podState(pod);
    if (this.#state.kind === 'pending') this.#waits(this.#state);
    this.#wake();
  }

  #podGone(pod: V1Pod): void {
    this.#podChanged(pod);
    this.#pod = undefined;
    if (this.#state?.kind === 'pending' || this.#state?.kind === 'running') {
      this.#state = { kind: 'lost', reason: 'Deleted', message: 'The pod was deleted while the build ran.' };
    }
    this.#wake();
  }

  async #watchEvents(uid: string): Promise<void> {
    try {
      const events = listAndWatch<CoreV1Event>(this.connection, {
        path: `/api/v1/namespaces/${this.connection.access.namespace}/events`,
        query: { fieldSelector: `involvedObject.uid=${uid}` },
        what: `list and watch events in namespace ${this.connection.access.namespace}`,
        signal: this.#controller.signal,
      });
      for await (const { type, object } of events) {
        if (type === 'DELETED' || !told.has(object.reason ?? '')) continue;
        this.#waits({ reason: object.reason ?? '', message: object.message ?? '' });
      }
    } catch (error) {
      // Events only explain; the build can do without them.
      if (this.#controller.signal.aborted || this.#warned) return;
      this.#warned = true;
      this.options.onWarning(error);
    }
  }

  #waits(waiting: Waiting): void {
    if (this.#state !== undefined && this.#state.kind !== 'pending') return;
    // The Secret of a build follows its Job by a moment; a kubelet that was faster looks again.
    if (waiting.reason === 'FailedMount' && waiting.message.includes(`"${this.options.job.name}"`)) return;
    const error = waitingVerdict(waiting);
    if (error !== undefined) this.#fail(error);
    if (waiting.reason === 'Pending' || waiting.reason === 'ContainerCreating') return;
    // Between two tries Kubernetes says only that it waits to try again; why the last one failed says more.
    if (waiting.reason === 'ImagePullBackOff' && this.#waiting?.reason === 'ErrImagePull') return;
    if (waiting.reason === this.#waiting?.reason && waiting.message === this.#waiting.message) return;
    this.#waiting = waiting;
    this.options.onWaiting(waiting);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#wakes) wake();
  }

  async #until(condition: () => boolean, signal: AbortSignal, options?: { despiteFailure: boolean }): Promise<void> {
    while (!condition()) {
      if (this.#failure !== undefined && !options?.despiteFailure) throw this.#failure.error;
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#wakes.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.#wakes.add(wake);
        signal.addEventListener('abort', wake);
      });
    }
  }
}
