/** A kind of object the server keeps. */
export interface ResourceType {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  /** Fields a `fieldSelector` may name; the real server refuses every other one. */
  readonly selectableFields: readonly string[];
}

const metadataFields = ['metadata.name', 'metadata.namespace'];

export const namespaces: ResourceType = {
  group: '',
  plural: 'namespaces',
  kind: 'Namespace',
  selectableFields: ['metadata.name', 'status.phase'],
};

export const pods: ResourceType = {
  group: '',
  plural: 'pods',
  kind: 'Pod',
  selectableFields: [...metadataFields, 'spec.nodeName', 'spec.restartPolicy', 'status.phase', 'status.podIP'],
};

export const secrets: ResourceType = {
  group: '',
  plural: 'secrets',
  kind: 'Secret',
  selectableFields: [...metadataFields, 'type'],
};

export const events: ResourceType = {
  group: '',
  plural: 'events',
  kind: 'Event',
  selectableFields: [
    ...metadataFields,
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(
      (field) => `involvedObject.${field}`,
    ),
    'reason',
    'reportingComponent',
    'type',
  ],
};

export const jobs: ResourceType = {
  group: 'batch',
  plural: 'jobs',
  kind: 'Job',
  selectableFields: [...metadataFields, 'status.successful'],
};

/** What builds name or are bound by; served as objects without a life of their own. */
const others: readonly ResourceType[] = [
  ['serviceaccounts', 'ServiceAccount'],
  ['configmaps', 'ConfigMap'],
  ['persistentvolumeclaims', 'PersistentVolumeClaim'],
  ['resourcequotas', 'ResourceQuota'],
  ['limitranges', 'LimitRange'],
].map(([plural = '', kind = '']) => ({ group: '', plural, kind, selectableFields: metadataFields }));

const clusterWide: readonly ResourceType[] = [
  {
    group: '',
    plural: 'nodes',
    kind: 'Node',
    selectableFields: ['metadata.name', 'spec.unschedulable'],
  },
  { group: 'scheduling.k8s.io', plural: 'priorityclasses', kind: 'PriorityClass', selectableFields: metadataFields },
  { group: 'node.k8s.io', plural: 'runtimeclasses', kind: 'RuntimeClass', selectableFields: metadataFields },
];

export const resourceTypes: readonly ResourceType[] = [
  ...[namespaces, pods, secrets, events, jobs],
  ...others,
  ...clusterWide,
];

export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? 'v1' : `${type.group}/v1`;
}
