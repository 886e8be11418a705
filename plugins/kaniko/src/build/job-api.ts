import { randomUUID } from 'node:crypto';
import { errorCode } from '@slipway/core';
import type { V1Job, V1JobList, V1JobSpec, V1ObjectMeta, V1Pod, V1PodList, V1Secret } from '@kubernetes/client-node';
import { Backoff } from '../kubernetes/backoff.js';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { ClusterUnreachableError, KubernetesApiError } from '../kubernetes/kubernetes-error.js';

const attemptAnnotation = 'slipway.dev/attempt';
const createTries = 5;
const lookUpMilliseconds = 20_000;

/** What a build does with Jobs and Secrets of its namespace. */
export class JobApi {
  constructor(private readonly connection: KubernetesConnection) {}

  get namespace(): string {
    return this.connection.access.namespace;
  }

  /**
   * Creates the Job once, even where the answer got lost on its way: a Job that carries this call's mark is ours.
   * @throws KubernetesApiError, with status 409 where a Job of that name is somebody else's
   */
  async create(job: V1Job, signal: AbortSignal): Promise<V1Job> {
    const attempt = randomUUID();
    const marked = {
      ...job,
      metadata: { ...job.metadata, annotations: { ...job.metadata?.annotations, [attemptAnnotation]: attempt } },
    };
    const backoff = new Backoff();
    for (let tries = 1; ; tries++) {
      try {
        return await this.connection.request<V1Job>({
          method: 'POST',
          path: this.#path(),
          // Else a misspelt field of a template would be dropped without a word.
          query: { fieldValidation: 'Strict' },
          body: marked,
          what: `create jobs in namespace ${this.namespace}`,
          signal,
          awaitAnswer: true,
        });
      } catch (error) {
        if (!isAnswerLost(error) || tries === createTries) throw error;
        // Asked also where the build is over: only what is known to be there can be removed.
        const existing = await this.get(job.metadata?.name ?? '', AbortSignal.timeout(lookUpMilliseconds));
        if (existing?.metadata?.annotations?.[attemptAnnotation] === attempt) return existing;
        await backoff.wait(signal);
      }
    }
  }

  /** The Job, or undefined where there is none of that name. */
  async get(name: string, signal?: AbortSignal): Promise<V1Job | undefined> {
    try {
      return await this.connection.request<V1Job>({
        method: 'GET',
        path: this.#path(name),
        what: `read jobs in namespace ${this.namespace}`,
        signal,
      });
    } catch (error) {
      if (KubernetesApiError.is(error) && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Deletes the Job, and with it all that belongs to it. One that is not there, or is another of that name, is no error. */
  async delete(name: string, uid: string, signal: AbortSignal): Promise<void> {
    try {
      await this.connection.request({
        method: 'DELETE',
        path: this.#path(name),
        body: { propagationPolicy: 'Background', preconditions: { uid } },
        what: `delete jobs in namespace ${this.namespace}`,
        signal,
      });
    } catch (error) {
      if (!KubernetesApiError.is(error) || (error.status !== 404 && error.status !== 409)) throw error;
    }
  }

  /**
   * Changes a Job by a merge patch; none of that name and uid is KubernetesApiError of status 404 or 409.
   * @throws KubernetesApiError, with status 403 where it is not allowed
   */
  async patch(
    { name, uid }: { readonly name: string; readonly uid: string },
    change: { readonly metadata?: V1ObjectMeta; readonly spec?: Partial<V1JobSpec> },
    signal: AbortSignal,
  ): Promise<V1Job> {
    return this.connection.request<V1Job>({
      method: 'PATCH',
      path: this.#path(name),
      body: { ...change, metadata: { ...change.metadata, uid } },
      what: `patch jobs in namespace ${this.namespace}`,
      signal,
    });
  }

  /** The Jobs of builds. @param selector more labels that they must have, e.g. `slipway.dev/user=anna` */
  async list(selector: string, signal?: AbortSignal): Promise<readonly V1Job[]> {
    const list = await this.connection.request<V1JobList>({
      method: 'GET',
      path: this.#path(),
      query: { labelSelector: selector },
      what: `list jobs in namespace ${this.namespace}`,
      signal,
    });
    return list.items;
  }

  /** The pods that carry the labels. */
  async pods(selector: string, signal?: AbortSignal): Promise<readonly V1Pod[]> {
    const list = await this.connection.request<V1PodList>({
      method: 'GET',
      path: `/api/v1/namespaces/${this.namespace}/pods`,
      query: { labelSelector: selector },
      what: `list pods in namespace ${this.namespace}`,
      signal,
    });
    return list.items;
  }

  /** Deletes a pod without waiting for its node. Where that is not allowed it goes with its Job, if later. */
  async deletePod(name: string, signal: AbortSignal): Promise<void> {
    await this.#deleteIfAllowed('pods', name, signal);
  }

  /** Deletes the Secret. Where that is not allowed it goes with its Job, if later. */
  async deleteSecret(name: string, signal: AbortSignal): Promise<void> {
    await this.#deleteIfAllowed('secrets', name, signal);
  }

  /** Creates the Secret; one that is there already is ours, since its name has the id of the build whose Job we made. */
  async createSecret(secret: V1Secret, signal: AbortSignal): Promise<void> {
    const backoff = new Backoff();
    for (let tries = 1; ; tries++) {
      try {
        await this.connection.request({
          method: 'POST',
          path: `/api/v1/namespaces/${this.namespace}/secrets`,
          body: secret,
          what: `create secrets in namespace ${this.namespace}`,
          signal,
        });
        return;
      } catch (error) {
        if (tries > 1 && KubernetesApiError.is(error) && error.status === 409) return;
        if (!isAnswerLost(error) || tries === createTries) throw error;
        await backoff.wait(signal);
      }
    }
  }

  async #deleteIfAllowed(resource: 'pods' | 'secrets', name: string, signal: AbortSignal): Promise<void> {
    try {
      await this.connection.request({
        method: 'DELETE',
        path: `/api/v1/namespaces/${this.namespace}/${resource}/${name}`,
        body: { gracePeriodSeconds: 0 },
        what: `delete ${resource} in namespace ${this.namespace}`,
        signal,
      });
    } catch (error) {
      if (!KubernetesApiError.is(error) || (error.status !== 404 && error.status !== 403)) throw error;
    }
  }

  #path(name?: string): string {
    return `/apis/batch/v1/namespaces/${this.namespace}/jobs${name === undefined ? '' : `/${name}`}`;
  }
}

/** Whether the request may have been carried out although no answer says so. */
function isAnswerLost(error: unknown): boolean {
  if (KubernetesApiError.is(error)) return error.status >= 500;
  if (!(error instanceof ClusterUnreachableError) || !(error.cause instanceof Error)) return false;
  return ['ECONNRESET', 'ETIMEDOUT', 'EPIPE'].includes(errorCode(error.cause) ?? '');
}
