import type { ContainerExit } from './build-script.js';
import { kubernetesTime, type ContainerState, type Pod, type PodStatus } from './kubernetes-object.js';

interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

const address = '198.51.100.7';

export function pendingStatus(): PodStatus {
  return { phase: 'Pending', qosClass: 'BestEffort' };
}

export function unschedulableStatus(message: string): PodStatus {
  return {
    phase: 'Pending',
    conditions: conditions([{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }]),
    qosClass: 'BestEffort',
  };
}

export function waitingStatus(pod: Pod, reason: string, message?: string): PodStatus {
  const names = pod.spec.containers.map((container) => container.name).join(' ');
  const unready = { reason: 'ContainersNotReady', message: `containers with unready status: [${names}]` };
  return onNode(pod, 'Pending', unready, () => ({
    waiting: { reason, ...(message === undefined ? {} : { message }) },
  }));
}

export function runningStatus(pod: Pod): PodStatus {
  const startedAt = kubernetesTime();
  return onNode(pod, 'Running', undefined, () => ({ running: { startedAt } }));
}

/** The containers have ended; `phase` is still Running in the first of the two reports a kubelet makes. */
export function endedStatus(pod: Pod, phase: string, exit: Required<ContainerExit>): PodStatus {
  const failed = exit.exitCode !== 0;
  return onNode(pod, phase, { reason: failed ? 'PodFailed' : 'PodCompleted' }, (index) => {
    const own = index === 0 ? exit : { exitCode: 0, reason: 'Completed', message: '' };
    const { exitCode, reason, message } = own;
    const times = { startedAt: pod.status.startTime ?? kubernetesTime(), finishedAt: kubernetesTime() };
    return { terminated: { exitCode, reason, ...(message === '' ? {} : { message }), ...times } };
  });
}

export function evictedStatus(pod: Pod, message: string): PodStatus {
  return {
    ...endedStatus(pod, 'Failed', { exitCode: 137, reason: 'Error', message: '' }),
    reason: 'Evicted',
    message,
  };
}

function onNode(
  pod: Pod,
  phase: string,
  unready: { reason: string; message?: string } | undefined,
  state: (index: number) => ContainerState,
): PodStatus {
  const ready = unready === undefined;
  const status = ready ? 'True' : 'False';
  return {
    observedGeneration: 1,
    phase,
    conditions: conditions([
      { type: 'PodReadyToStartContainers', status: phase === 'Running' ? 'True' : 'False' },
      { type: 'Initialized', status: 'True' },
      { type: 'Ready', status, ...unready },
      { type: 'ContainersReady', status, ...unready },
      { type: 'PodScheduled', status: 'True' },
    ]),
    hostIP: address,
    hostIPs: [{ ip: address }],
    ...(phase === 'Pending' ? {} : { podIP: address, podIPs: [{ ip: address }] }),
    startTime: pod.status.startTime ?? kubernetesTime(),
    containerStatuses: pod.spec.containers.map((container, index) => {
      const current = state(index);
      return {
        name: container.name,
        state: current,
        lastState: {},
        ready: 'running' in current,
        restartCount: 0,
        image: container.image ?? '',
        imageID: 'waiting' in current ? '' : `${container.image ?? ''}@sha256:${'0'.repeat(64)}`,
        started: 'running' in current,
      };
    }),
    qosClass: 'BestEffort',
  };
}

function conditions(list: readonly Condition[]): readonly unknown[] {
  const lastTransitionTime = kubernetesTime();
  return list.map(({ type, status, ...why }) => ({ type, status, lastProbeTime: null, lastTransitionTime, ...why }));
}
