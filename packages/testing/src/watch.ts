import type { ServerResponse } from 'node:http';
import { breakOff } from './break-off.js';
import type { StreamEnd } from './faults.js';
import type { KubernetesObject } from './kubernetes-object.js';
import type { Change, ObjectStore } from './object-store.js';
import { omit } from './omit.js';
import { apiVersionOf, type ResourceType } from './resource-types.js';
import { selectorOf } from './selectors.js';
import { failure, StatusError, type Status } from './status.js';

interface WatchRequest {
  readonly type: ResourceType;
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly query: URLSearchParams;
  readonly fault: StreamEnd | undefined;
}

/** Answers a watch: what there is (without a resourceVersion) or what has happened since it, then every change. */
export function serveWatch(store: ObjectStore, request: WatchRequest, response: ServerResponse): void {
  const { type, namespace, query, fault } = request;
  const matches = selectorOf(query, type);
  const version = resourceVersionOf(query);
  const bookmarks = ['true', '1'].includes(query.get('allowWatchBookmarks') ?? '');
  let delivered = 0;
  let over = false;

  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  const write = (event: { type: string; object: KubernetesObject | Status }): void => {
    response.write(`${JSON.stringify(event)}\n`);
  };
  const failWhenDue = (): boolean => {
    if (fault === undefined || delivered < fault.after) return false;
    if (fault.kind === 'drop') breakOff(response);
    else {
      const message = `too old resource version: ${version} (${store.resourceVersion})`;
      write({ type: 'ERROR', object: failure(410, message) });
      response.end();
    }
    stop();
    return true;
  };
  const deliver = (eventType: string, object: KubernetesObject): void => {
    if (over) return;
    write({ type: eventType, object });
    delivered += 1;
    failWhenDue();
  };
  const bookmark = (annotations?: Record<string, string>): void => {
    const metadata = { resourceVersion: String(store.resourceVersion), ...(annotations && { annotations }) };
    const object = { kind: type.kind, apiVersion: apiVersionOf(type), metadata } as unknown as KubernetesObject;
    write({ type: 'BOOKMARK', object });
  };
  const onChange = (change: Change): void => {
    if (change.resource !== type) return;
    if (namespace !== undefined && change.object.metadata.namespace !== namespace) return;
    const eventType = eventTypeOf(change, matches);
    if (eventType !== undefined) deliver(eventType, change.object);
  };

  let timer: NodeJS.Timeout | undefined;
  const unsubscribe = store.subscribe(onChange);
  const stop = (): void => {
    over = true;
    unsubscribe();
    clearTimeout(timer);
  };
  response.on('close', stop);

  if (failWhenDue()) return;
  if (version === 0) {
    for (const object of store.list(type, namespace).filter(matches)) deliver('ADDED', object);
    if (bookmarks && !over) bookmark({ 'k8s.io/initial-events-end': 'true' });
  } else if (version > store.resourceVersion) {
    write({ type: 'ERROR', object: tooLarge(version, store.resourceVersion) });
    response.end();
    stop();
  } else for (const change of store.since(version)) onChange(change);

  const seconds = Number(query.get('timeoutSeconds') ?? 0);
  if (seconds > 0 && !over) {
    timer = setTimeout(() => {
      if (bookmarks) bookmark();
      response.end();
    }, seconds * 1000);
  }
}

/** The `resourceVersion` of a query; 0 for none. Throws what the real server answers for one that is no number. */
export function resourceVersionOf(query: URLSearchParams): number {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') return 0;
  if (/^\d+$/.test(text)) return Number(text);
  const message = `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
  throw new StatusError(omit(failure(500, message), 'reason'));
}

export function tooLarge(asked: number, current: number): Status {
  return failure(504, `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
}

/** With a selector, an object that begins to match is new to the watcher, and one that ceases to match is gone. */
function eventTypeOf(change: Change, matches: (object: KubernetesObject) => boolean): Change['type'] | undefined {
  const now = matches(change.object);
  const before = change.previous !== undefined && matches(change.previous);
  if (change.type === 'DELETED') return before ? 'DELETED' : undefined;
  if (now) return before ? 'MODIFIED' : 'ADDED';
  return before ? 'DELETED' : undefined;
}
