interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  generateName?: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
}

/** An object as the API serves it; fields beyond the metadata are as Kubernetes names them. */
export interface KubernetesObject {
  kind: string;
  apiVersion: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly args?: readonly string[];
  readonly stdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly terminationMessagePath?: string;
  readonly terminationMessagePolicy?: string;
}

export type ContainerState =
  | { waiting: { reason: string; message?: string } }
  | { running: { startedAt: string } }
  | { terminated: { exitCode: number; reason: string; message?: string; startedAt: string; finishedAt: string } };

interface ContainerStatus {
  readonly name: string;
  readonly state: ContainerState;
}

export interface PodStatus {
  readonly phase: string;
  readonly startTime?: string;
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly [field: string]: unknown;
}

export interface Pod extends KubernetesObject {
  spec: { containers: readonly Container[]; nodeName?: string };
  status: PodStatus;
}

export interface Job extends KubernetesObject {
  spec: {
    readonly template: { metadata?: { labels?: Record<string, string> }; spec: Pod['spec'] };
    readonly [field: string]: unknown;
  };
  status: Record<string, unknown>;
}

/** The present as `metav1.Time` writes it: whole seconds, UTC. */
export function kubernetesTime(time = new Date()): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
