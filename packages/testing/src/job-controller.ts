import type { BuildScript } from './build-script.js';
import { ClusterEvents } from './cluster-events.js';
import type { ContainerProcess } from './container-process.js';
import { kubernetesTime, type Job, type KubernetesObject, type Pod } from './kubernetes-object.js';
import { randomSuffix, type ObjectStore } from './object-store.js';
import { pendingStatus } from './pod-status.js';
import { PodRunner } from './pod-runner.js';
import { jobs, pods, secrets, type ResourceType } from './resource-types.js';

/** The Job controller and the garbage collector: makes pods of Jobs, tells Jobs how their pods fare, removes what is owned. */
export class JobController {
  /** What Jobs created from now on go through. */
  script: BuildScript | ((job: Job) => BuildScript) = {};
  private readonly events: ClusterEvents;
  private readonly runners = new Map<string, PodRunner>();
  private readonly processes = new Map<string, ContainerProcess>();

  constructor(private readonly store: ObjectStore) {
    this.events = new ClusterEvents(store);
  }

  /** Starts what a real cluster does about a new Job, after the answer to its creator is under way; a suspended one waits. */
  start(job: Job): void {
    if (job.spec['suspend'] === true || this.runners.has(job.metadata.uid)) return;
    const script = typeof this.script === 'function' ? this.script(job) : this.script;
    const runner = new PodRunner(job, script, this.store, this.events, this);
    this.runners.set(job.metadata.uid, runner);
    setImmediate(() => void runner.run());
  }

  createPod(job: Job): Pod {
    const { name, namespace = '', uid } = job.metadata;
    const { metadata = {}, spec } = job.spec.template;
    const pod = this.store.create<Pod>(pods, namespace, {
      metadata: {
        ...metadata,
        name: `${name}-${randomSuffix()}`,
        generateName: `${name}-`,
        generation: 1,
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'Job', name, uid, controller: true, blockOwnerDeletion: true },
        ],
      },
      spec: { serviceAccountName: 'default', ...spec },
      status: pendingStatus(),
    });
    const runner = this.runners.get(uid);
    if (runner !== undefined) this.processes.set(pod.metadata.name, runner.process);
    this.events.record(job, { reason: 'SuccessfulCreate', message: `Created pod: ${pod.metadata.name}` });
    this.reportActive(job, 0);
    return pod;
  }

  /** The container of a pod, also of one that is gone. */
  processOf(podName: string): ContainerProcess | undefined {
    return this.processes.get(podName);
  }

  reportActive(job: Job, ready: number): void {
    this.setStatus(job, { active: 1, terminating: 0, uncountedTerminatedPods: {}, ready });
  }

  reportEnd(job: Job, succeeded: boolean): void {
    if (succeeded) {
      const conditions = ['SuccessCriteriaMet', 'Complete'].map((type) =>
        condition(type, 'CompletionsReached', 'Reached expected number of succeeded pods'),
      );
      const counts = { succeeded: 1, completionTime: kubernetesTime() };
      this.setStatus(job, { ...counts, terminating: 0, uncountedTerminatedPods: {}, ready: 0, conditions });
      this.events.record(job, { reason: 'Completed', message: 'Job completed' });
    } else this.fail(job, 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }

  exceedDeadline(job: Job): void {
    for (const pod of this.ownedBy(pods, job)) this.removePod(pod as Pod);
    this.fail(job, 'DeadlineExceeded', 'Job was active longer than specified deadline');
  }

  /** Somebody deletes the pod. Its Job counts it as failed, if it had not ended before. */
  deletePod(pod: Pod | undefined): Pod | undefined {
    if (pod === undefined) return undefined;
    const job = this.store
      .list<Job>(jobs, pod.metadata.namespace)
      .find((candidate) => pod.metadata.ownerReferences?.some((owner) => owner.uid === candidate.metadata.uid));
    const current = this.store.get<Pod>(pods, pod.metadata.namespace ?? '', pod.metadata.name);
    const ended = ['Succeeded', 'Failed'].includes(current.status.phase);
    const marked = this.removePod(current);
    if (job !== undefined && !ended) this.reportEnd(job, false);
    return marked;
  }

  /**
   * Deletes an object. What it owns goes too with `Background` and `Foreground`, and stays with `Orphan`.
   * @returns the object as the API server answers it, marked for deletion, or undefined where it answers a Status
   */
  remove(type: ResourceType, object: KubernetesObject, propagation: string): KubernetesObject | undefined {
    if (type === pods) return this.deletePod(object as Pod);
    const finalizer = { Foreground: 'foregroundDeletion', Orphan: 'orphan' }[propagation];
    let marked: KubernetesObject | undefined;
    if (type === jobs && finalizer !== undefined) {
      marked = this.store.update(type, object, (draft) => {
        draft.metadata.deletionTimestamp = kubernetesTime();
        draft.metadata.deletionGracePeriodSeconds = 0;
        draft.metadata.finalizers = [finalizer];
      });
    }
    if (propagation === 'Foreground') this.collect(object);
    this.store.remove(type, object);
    if (propagation === 'Background') this.collect(object);
    // Without its controller an orphaned pod still runs to its end; only a pod not made yet is not made any more.
    const runner = this.runners.get(object.metadata.uid);
    if (runner?.podUid === undefined) runner?.stop();
    return marked;
  }

  stop(): void {
    for (const runner of this.runners.values()) runner.stop();
  }

  private collect(owner: KubernetesObject): void {
    for (const pod of this.ownedBy(pods, owner)) this.removePod(pod as Pod);
    for (const secret of this.ownedBy(secrets, owner)) this.store.remove(secrets, secret);
  }

  private ownedBy(type: ResourceType, owner: KubernetesObject): KubernetesObject[] {
    return this.store
      .list(type, owner.metadata.namespace)
      .filter((object) => object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid));
  }

  private removePod(pod: Pod): Pod {
    const marked = this.store.update<Pod>(pods, pod, (draft) => {
      draft.metadata.deletionTimestamp = kubernetesTime();
      draft.metadata.deletionGracePeriodSeconds = draft.spec.nodeName === undefined ? 0 : 30;
    });
    for (const runner of this.runners.values()) if (runner.podUid === pod.metadata.uid) runner.kill();
    this.store.remove(pods, marked);
    return marked;
  }

  private fail(job: Job, reason: string, message: string): void {
    const conditions = ['FailureTarget', 'Failed'].map((type) => condition(type, reason, message));
    this.setStatus(job, { failed: 1, terminating: 0, uncountedTerminatedPods: {}, ready: 0, conditions });
    this.events.record(job, { type: 'Warning', reason, message });
  }

  private setStatus(job: Job, status: Record<string, unknown>): void {
    const current = this.store.find<Job>(jobs, job.metadata.namespace ?? '', job.metadata.name);
    if (current?.metadata.uid !== job.metadata.uid) return;
    this.store.update<Job>(jobs, current, (draft) => {
      draft.status = { startTime: draft.status.startTime ?? kubernetesTime(), ...status };
    });
  }
}

function condition(type: string, reason: string, message: string): Record<string, unknown> {
  const time = kubernetesTime();
  return { type, status: 'True', lastProbeTime: time, lastTransitionTime: time, reason, message };
}
