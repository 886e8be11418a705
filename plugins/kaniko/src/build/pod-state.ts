import type { V1ContainerStateTerminated, V1Pod } from '@kubernetes/client-node';
import { executorContainer } from '../manifest/build-names.js';

/** What a build's pod is at, as far as a build cares. */
export type PodState =
  | { readonly kind: 'pending'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running' }
  | { readonly kind: 'terminated'; readonly terminated: V1ContainerStateTerminated }
  /** The pod ended and its container has no end of its own: evicted, refused by the node, deleted. */
  | { readonly kind: 'lost'; readonly reason: string; readonly message: string };

/** Looks at the executor's container by name: others may be injected before it. */
export function podState(pod: V1Pod): PodState {
  const { status } = pod;
  const container = status?.containerStatuses?.find(({ name }) => name === executorContainer);
  // A pod that is evicted while its container ends has both an end and a reason of its own; the reason says more.
  const evicted = status?.phase === 'Failed' && status.reason !== undefined && status.reason !== 'DeadlineExceeded';
  const disrupted = container?.state?.terminated?.exitCode === 0 ? undefined : disruption(pod);
  if (container?.state?.terminated !== undefined && disrupted !== undefined) return disrupted;
  if (container?.state?.terminated !== undefined && !evicted) {
    return { kind: 'terminated', terminated: container.state.terminated };
  }
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') {
    return { kind: 'lost', reason: status.reason ?? 'Unknown', message: status.message ?? '' };
  }
  if (container?.state?.running !== undefined) return { kind: 'running' };
  const waiting = container?.state?.waiting;
  if (waiting?.reason !== undefined && waiting.reason !== 'ContainerCreating' && waiting.reason !== 'PodInitializing') {
    return { kind: 'pending', reason: waiting.reason, message: waiting.message ?? '' };
  }
  const unscheduled = status?.conditions?.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (unscheduled !== undefined) {
    return { kind: 'pending', reason: unscheduled.reason ?? 'Unschedulable', message: unscheduled.message ?? '' };
  }
  return { kind: 'pending', reason: waiting?.reason ?? 'Pending', message: '' };
}

/** Set where somebody ends the pod: then the container ended because it was told to. */
function disruption({ metadata, status }: V1Pod): Extract<PodState, { kind: 'lost' }> | undefined {
  const why = status?.conditions?.find(({ type, status: is }) => type === 'DisruptionTarget' && is === 'True');
  if (why === undefined && metadata?.deletionTimestamp === undefined) return undefined;
  return {
    kind: 'lost',
    reason: why?.reason ?? 'Deleted',
    message: why?.message ?? 'The pod was deleted while the build ran.',
  };
}
