import type { BuildScript, ContainerExit, RunningStep, StartingStep } from './build-script.js';
import type { ClusterEvents } from './cluster-events.js';
import { ContainerProcess } from './container-process.js';
import { deferred } from './deferred.js';
import type { JobController } from './job-controller.js';
import { defaultOutput, exitOf, failOnCutInput } from './kaniko-executor.js';
import type { Job, Pod, PodStatus } from './kubernetes-object.js';
import type { ObjectStore } from './object-store.js';
import { endedStatus, evictedStatus, runningStatus, unschedulableStatus, waitingStatus } from './pod-status.js';
import { pods } from './resource-types.js';

/** Scheduler, kubelet and container of one Job's pod: takes it through the script, until that ends or `stop()`. */
export class PodRunner {
  /** The container; its streams outlive the pod, so that a test may look at them afterwards. */
  readonly process = new ContainerProcess();
  private readonly stopped = deferred<'stopped'>();
  private over = false;
  private pod: Pod | undefined;

  constructor(
    private readonly job: Job,
    private readonly script: BuildScript,
    private readonly store: ObjectStore,
    private readonly events: ClusterEvents,
    private readonly controller: JobController,
  ) {}

  get podUid(): string | undefined {
    return this.pod?.metadata.uid;
  }

  /** Runs the whole script; never rejects because the pod went away in the middle. */
  async run(): Promise<void> {
    if (!(await this.perform(this.script.beforePod ?? []))) return;
    this.pod = this.controller.createPod(this.job);
    if (!(await this.perform(this.script.beforeContainer ?? []))) return;
    this.schedule();
    this.events.record(this.pod, { reason: 'Started', message: `Started container ${this.container.name}` });
    this.setStatus(runningStatus);
    this.controller.reportActive(this.job, 1);
    const exit = await this.runContainer();
    if (exit !== undefined) this.finish(exit);
  }

  /** Kills the container and leaves the script where it is; the pod's last state is its deleter's matter. */
  stop(): void {
    this.over = true;
    this.stopped.resolve('stopped');
    this.process.end();
  }

  /** The kubelet's part in a deletion: the container ends as Kaniko ends on SIGTERM. */
  kill(): void {
    const running = this.pod?.status.phase === 'Running' && !this.over;
    this.stop();
    if (running) this.setStatus((pod) => endedStatus(pod, 'Failed', { exitCode: 2, reason: 'Error', message: '' }));
  }

  private get container(): Pod['spec']['containers'][number] {
    const [container] = this.job.spec.template.spec.containers;
    if (container === undefined) throw new Error('a pod has a container');
    return container;
  }

  /** Undefined when the container was stopped from outside. */
  private async runContainer(): Promise<Required<ContainerExit> | undefined> {
    const { script, container, process } = this;
    if (!(await this.perform(script.beforeInput ?? []))) return undefined;
    if (container.stdin === true) {
      if (!(await this.unlessStopped(process.input.read(script.readBytes ?? Infinity)))) return undefined;
      if (process.input.received.state === 'cut') return failOnCutInput(process);
    }
    const output =
      script.afterInput ?? defaultOutput(container, script).map((log) => ({ log, stream: 'stderr' as const }));
    return (await this.perform(output)) ? exitOf(container, script, process) : undefined;
  }

  private finish(exit: Required<ContainerExit>): void {
    this.over = true;
    this.process.end();
    this.setStatus((pod) => endedStatus(pod, 'Running', exit));
    this.setStatus((pod) => endedStatus(pod, exit.exitCode === 0 ? 'Succeeded' : 'Failed', exit));
    this.controller.reportEnd(this.job, exit.exitCode === 0);
  }

  /** Takes the steps in order; false when the script must not go on. */
  private async perform(steps: readonly (StartingStep | RunningStep)[]): Promise<boolean> {
    for (const step of steps) {
      if (this.over) return false;
      if (step === 'stay') return this.unlessStopped(new Promise<void>(() => undefined));
      if ('gate' in step) await this.unlessStopped(step.gate.pass());
      else if ('event' in step)
        this.events.record(step.event.on === 'job' ? this.job : this.pod, { type: 'Warning', ...step.event });
      else if ('log' in step) this.process.write(step.log, step.stream);
      else if ('unschedulable' in step) this.refuseToSchedule(step.unschedulable);
      else if ('waiting' in step) this.wait(step.waiting, step.message);
      else if ('deleted' in step) this.controller.deletePod(this.pod);
      else if ('evicted' in step) this.evict(step.evicted);
      else this.controller.exceedDeadline(this.job);
    }
    return !this.over;
  }

  private refuseToSchedule(message: string): void {
    this.setStatus(() => unschedulableStatus(message));
    this.events.record(this.pod, { type: 'Warning', reason: 'FailedScheduling', message });
  }

  private wait(reason: string, message: string | undefined): void {
    this.schedule();
    this.setStatus((pod) => waitingStatus(pod, reason, message));
    if (message !== undefined) this.events.record(this.pod, { type: 'Warning', reason: 'Failed', message });
  }

  private evict(message: string): void {
    this.events.record(this.pod, { type: 'Warning', reason: 'Evicted', message });
    this.stop();
    this.setStatus((pod) => evictedStatus(pod, message));
    this.controller.reportEnd(this.job, false);
  }

  private schedule(): void {
    const { pod } = this;
    if (pod === undefined || pod.spec.nodeName !== undefined) return;
    this.pod = this.store.update<Pod>(pods, pod, (draft) => {
      draft.spec = { ...draft.spec, nodeName: 'node-1' };
      draft.status = waitingStatus(draft, 'ContainerCreating');
    });
    const name = `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`;
    this.events.record(pod, { reason: 'Scheduled', message: `Successfully assigned ${name} to node-1` });
  }

  private setStatus(next: (pod: Pod) => PodStatus): void {
    const { pod } = this;
    if (pod === undefined || this.store.find(pods, pod.metadata.namespace ?? '', pod.metadata.name) === undefined)
      return;
    this.pod = this.store.update<Pod>(pods, pod, (draft) => {
      draft.status = next(draft);
    });
  }

  private async unlessStopped(work: Promise<void>): Promise<boolean> {
    await Promise.race([work, this.stopped.promise]);
    return !this.over;
  }
}
