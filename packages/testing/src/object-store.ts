import { randomUUID } from 'node:crypto';
import { kubernetesTime, type KubernetesObject, type ObjectMeta } from './kubernetes-object.js';
import { apiVersionOf, resourceTypes, type ResourceType } from './resource-types.js';
import { detailsOf, failure, notFound, qualifiedName, StatusError } from './status.js';

/** One change of one object, as watches see it. */
export interface Change {
  readonly resourceVersion: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceType;
  readonly object: KubernetesObject;
  /** The object before the change: a selector may have matched then and not now. */
  readonly previous: KubernetesObject | undefined;
}

const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** What etcd and the watch cache are to the real server: the objects, their versions, and every change there was. */
export class ObjectStore {
  private version = 100;
  private readonly objects = new Map<ResourceType, Map<string, KubernetesObject>>();
  private readonly changes: Change[] = [];
  private readonly listeners = new Set<(change: Change) => void>();

  constructor() {
    for (const type of resourceTypes) this.objects.set(type, new Map());
  }

  get resourceVersion(): number {
    return this.version;
  }

  /** Stores a new object, completing its metadata. Throws a 409 `AlreadyExists` StatusError. */
  create<T extends KubernetesObject>(
    type: ResourceType,
    namespace: string,
    draft: Omit<T, 'kind' | 'apiVersion' | 'metadata'> & { metadata: Partial<ObjectMeta> & { name: string } },
  ): T {
    const { name } = draft.metadata;
    if (this.find(type, namespace, name) !== undefined) {
      const message = `${qualifiedName(type)} "${name}" already exists`;
      throw new StatusError(failure(409, message, { reason: 'AlreadyExists', details: detailsOf(type, name) }));
    }
    const object = {
      ...structuredClone(draft),
      kind: type.kind,
      apiVersion: apiVersionOf(type),
      metadata: {
        ...structuredClone(draft.metadata),
        ...(namespace === '' ? {} : { namespace }),
        uid: draft.metadata.uid ?? randomUUID(),
        creationTimestamp: kubernetesTime(),
        resourceVersion: '',
      },
    } as unknown as T;
    this.record('ADDED', type, object, undefined);
    return object;
  }

  find<T extends KubernetesObject>(type: ResourceType, namespace: string, name: string): T | undefined {
    return this.table(type).get(`${namespace}/${name}`) as T | undefined;
  }

  get<T extends KubernetesObject>(type: ResourceType, namespace: string, name: string): T {
    const object = this.find<T>(type, namespace, name);
    if (object === undefined) throw notFound(type, name);
    return object;
  }

  /** Objects of a namespace, or of all of them, sorted as etcd sorts them. */
  list<T extends KubernetesObject>(type: ResourceType, namespace?: string): T[] {
    return [...this.table(type).entries()]
      .filter(([key]) => namespace === undefined || key.startsWith(`${namespace}/`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object as T);
  }

  /** Applies `change` to a copy of the object and stores that; objects handed out before stay as they were. */
  update<T extends KubernetesObject>(type: ResourceType, object: T, change: (draft: T) => void): T {
    const previous = this.get<T>(type, object.metadata.namespace ?? '', object.metadata.name);
    const next = structuredClone(previous);
    change(next);
    this.record('MODIFIED', type, next, previous);
    return next;
  }

  remove(type: ResourceType, object: KubernetesObject): void {
    const previous = this.find(type, object.metadata.namespace ?? '', object.metadata.name);
    if (previous === undefined) return;
    this.record('DELETED', type, structuredClone(previous), previous);
  }

  /** Changes after a resourceVersion, oldest first. */
  since(resourceVersion: number): readonly Change[] {
    return this.changes.filter((change) => change.resourceVersion > resourceVersion);
  }

  /** Calls the listener with every later change until the returned function is called. */
  subscribe(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private record(
    type: Change['type'],
    resource: ResourceType,
    object: KubernetesObject,
    previous: KubernetesObject | undefined,
  ): void {
    this.version += 1;
    object.metadata.resourceVersion = String(this.version);
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    if (type === 'DELETED') this.table(resource).delete(key);
    else this.table(resource).set(key, object);
    const change = { resourceVersion: this.version, type, resource, object, previous };
    this.changes.push(change);
    for (const listener of [...this.listeners]) listener(change);
  }

  private table(type: ResourceType): Map<string, KubernetesObject> {
    const table = this.objects.get(type);
    if (table === undefined) throw new Error(`no such resource type: ${type.plural}`);
    return table;
  }
}

/** Five characters as the API server appends to a `generateName`. */
export function randomSuffix(): string {
  return Array.from({ length: 5 }, () => suffixAlphabet[Math.floor(Math.random() * suffixAlphabet.length)]).join('');
}
