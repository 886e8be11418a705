import { kubernetesTime, type KubernetesObject } from './kubernetes-object.js';
import type { ObjectStore } from './object-store.js';
import { events } from './resource-types.js';

interface EventText {
  readonly reason: string;
  readonly message: string;
  /** Normal unless given by the cluster's own parts; Warning for scripted events. */
  readonly type?: 'Normal' | 'Warning';
}

/** Writes core/v1 Events about objects, as controllers, scheduler and kubelet do. */
export class ClusterEvents {
  private count = 0;

  constructor(private readonly store: ObjectStore) {}

  record(subject: KubernetesObject | undefined, text: EventText): void {
    if (subject === undefined) return;
    const { kind, apiVersion, metadata } = subject;
    const component = kind === 'Job' ? 'job-controller' : 'kubelet';
    this.count += 1;
    this.store.create(events, metadata.namespace ?? '', {
      metadata: { name: `${metadata.name}.${(0x18eaac9560afb5c3n + BigInt(this.count)).toString(16)}` },
      involvedObject: {
        kind,
        namespace: metadata.namespace,
        name: metadata.name,
        uid: metadata.uid,
        apiVersion,
        resourceVersion: metadata.resourceVersion,
      },
      reason: text.reason,
      message: text.message,
      source: { component },
      firstTimestamp: kubernetesTime(),
      lastTimestamp: kubernetesTime(),
      count: 1,
      type: text.type ?? 'Normal',
      eventTime: null,
      reportingComponent: component,
      reportingInstance: '',
    });
  }
}
