import { Backoff } from './backoff.js';
import type { KubernetesConnection, KubernetesRequest } from './kubernetes-connection.js';
import { ClusterUnreachableError, KubernetesApiError } from './kubernetes-error.js';
import { lines } from './lines.js';

interface KubernetesObject {
  readonly metadata?: { readonly uid?: string; readonly resourceVersion?: string };
}

export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: T;
  /** Whether more of the same list follows at once: only after the last of them the picture is whole. */
  readonly more: boolean;
}

type Change<T> = Pick<WatchEvent<T>, 'type' | 'object'>;

interface Line<T> {
  readonly type: WatchEvent<T>['type'] | 'BOOKMARK' | 'ERROR';
  readonly object: T & { readonly code?: number };
}

/**
 * The objects that there are, then every change, without gaps: by list and watch, from a fresh list after the server forgot where we
 * were (410), and again after a dropped or idle connection. Ends only when the signal aborts or the consumer leaves.
 * @throws KubernetesApiError where the server refuses, e.g. 403
 */
export async function* listAndWatch<T extends KubernetesObject>(
  connection: KubernetesConnection,
  request: Pick<KubernetesRequest, 'path' | 'query' | 'what'> & { signal: AbortSignal },
): AsyncGenerator<WatchEvent<T>, void> {
  const known = new Map<string, T>();
  const backoff = new Backoff();
  let hasListed = false;
  while (!request.signal.aborted) {
    let list: { readonly metadata: { readonly resourceVersion: string }; readonly items: readonly T[] };
    try {
      list = await connection.request({ ...request, method: 'GET' });
    } catch (error) {
      // Whoever has watched goes on when the server is back, however long that takes; others limit the build's time.
      if (!hasListed || !(error instanceof ClusterUnreachableError)) throw error;
      await backoff.wait(request.signal).catch(() => undefined);
      continue;
    }
    hasListed = true;
    const changes = differences(known, list.items);
    for (const [index, { type, object }] of changes.entries()) {
      if (type === 'DELETED') known.delete(uid(object));
      else known.set(uid(object), object);
      yield { type, object, more: index < changes.length - 1 };
    }
    let from: string | undefined = list.metadata.resourceVersion;
    while (from !== undefined && !request.signal.aborted) {
      try {
        for await (const line of watchOnce<T>(connection, request, from)) {
          if (line.type === 'ERROR') {
            // Most often 410: what we know is too old for a watch, so we list again.
            from = undefined;
            break;
          }
          backoff.reset();
          from = line.object.metadata?.resourceVersion ?? from;
          if (line.type === 'BOOKMARK') continue;
          if (line.type === 'DELETED') known.delete(uid(line.object));
          else known.set(uid(line.object), line.object);
          yield { type: line.type, object: line.object, more: false };
        }
      } catch (error) {
        if (request.signal.aborted) return;
        if (KubernetesApiError.is(error) && error.status === 410) from = undefined;
        else if (!(error instanceof ClusterUnreachableError)) throw error;
      }
      if (!request.signal.aborted) await backoff.wait(request.signal).catch(() => undefined);
    }
  }
}

/** What has changed from what is known to what is listed. */
function differences<T extends KubernetesObject>(known: ReadonlyMap<string, T>, items: readonly T[]): Change<T>[] {
  const listed = new Set(items.map(uid));
  const gone = [...known].filter(([id]) => !listed.has(id)).map(([, object]) => ({ type: 'DELETED' as const, object }));
  const changed = items.flatMap((object): Change<T>[] => {
    const before = known.get(uid(object));
    if (before === undefined) return [{ type: 'ADDED', object }];
    const isSame = before.metadata?.resourceVersion === object.metadata?.resourceVersion;
    return isSame ? [] : [{ type: 'MODIFIED', object }];
  });
  return [...gone, ...changed];
}

async function* watchOnce<T>(
  connection: KubernetesConnection,
  request: Pick<KubernetesRequest, 'path' | 'query' | 'what'> & { signal: AbortSignal },
  resourceVersion: string,
): AsyncGenerator<Line<T>, void> {
  const answer = await connection.stream({
    ...request,
    method: 'GET',
    // The server ends the watch after this long, so that a connection that died in silence is noticed.
    query: { ...request.query, watch: true, allowWatchBookmarks: true, resourceVersion, timeoutSeconds: 240 },
  });
  // A connection that died in silence sends nothing, not even the end that was asked for.
  answer.setTimeout(270_000, () => answer.destroy());
  try {
    for await (const line of lines(answer)) {
      const event = parse<T>(line);
      if (event !== undefined) yield event;
    }
  } catch (error) {
    throw new ClusterUnreachableError(connection.access, error as Error);
  } finally {
    answer.destroy();
  }
}

// The last line of a connection that was cut may be half of one.
function parse<T>(line: string): Line<T> | undefined {
  try {
    return JSON.parse(line) as Line<T>;
  } catch {
    return undefined;
  }
}

function uid(object: KubernetesObject): string {
  return object.metadata?.uid ?? '';
}
