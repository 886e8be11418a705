import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { KubernetesApiError } from '../kubernetes/kubernetes-error.js';

/** What a look at something in the cluster may find. */
export type Look<T> =
  { readonly kind: 'found'; readonly object: T } | { readonly kind: 'missing' } | { readonly kind: 'unseen' };

/** Reads objects of the cluster, and remembers what it was not allowed to look at. */
export class ClusterReader {
  readonly #unseen = new Set<string>();

  constructor(
    private readonly connection: KubernetesConnection,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** What could not be looked at, in words for people, each once. */
  get unseen(): readonly string[] {
    return [...this.#unseen];
  }

  /** @param what names such objects, e.g. `resource quotas` */
  async look<T>(path: string, what: string): Promise<Look<T>> {
    const { connection, signal } = this;
    try {
      return {
        kind: 'found',
        object: await connection.request<T>({ method: 'GET', path, what: `read ${what}`, signal }),
      };
    } catch (error) {
      if (KubernetesApiError.is(error) && error.status === 404) return { kind: 'missing' };
      if (!KubernetesApiError.is(error) || error.status !== 403) throw error;
      this.#unseen.add(what);
      return { kind: 'unseen' };
    }
  }

  /** Those of the namespace; none where there are none or one may not look. */
  async list<T>(resource: string, what: string): Promise<readonly T[]> {
    const path = `/api/v1/namespaces/${this.connection.access.namespace}/${resource}`;
    const found = await this.look<{ readonly items: readonly T[] }>(path, what);
    return found.kind === 'found' ? found.object.items : [];
  }
}
