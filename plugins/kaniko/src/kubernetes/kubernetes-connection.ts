import { type Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { errorCode } from '@slipway/core';
import { Backoff } from './backoff.js';
import { clusterAgent } from './cluster-agent.js';
import { type ClusterAccess, clusterAccess, type ClusterChoice } from './cluster-access.js';
import { ClusterUnreachableError, KubernetesApiError } from './kubernetes-error.js';
import { type Credentials, UserCredentials } from './user-credentials.js';

export interface KubernetesRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: object;
  /** For messages: completes `does not let you …`, e.g. `create jobs in namespace x`. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  /** The signal ends the tries, but not one that is under way: whoever creates something has to know whether it is there. */
  readonly awaitAnswer?: boolean;
}

// An API server answers or is away; nothing that is asked here takes it longer.
const answerWithinMilliseconds = 30_000;
// How long a server that has answered before may be away: it restarts, or the network changes.
const patienceMilliseconds = 60_000;
const firstPatienceMilliseconds = 2_000;
// How long a server that restarts may refuse what it allowed before: it has to read its rules again.
const forgottenMilliseconds = 15_000;
const retriedStatuses = new Set([429, 500, 502, 503, 504]);

/** Requests to the API server of one context: with credentials, retried where that is safe, and errors as ours. */
export class KubernetesConnection {
  readonly #credentials: UserCredentials;
  #agent: { agent: Agent; certificate: string } | undefined;
  #answered = false;
  /** By how many milliseconds the server's clock is ahead of ours. */
  #ahead = 0;
  /** What we were let do: a server that has just come back may not know it yet. */
  readonly #allowed = new Set<string>();

  private constructor(readonly access: ClusterAccess) {
    this.#credentials = new UserCredentials(access);
  }

  /** Reads the kubeconfig, or the pod's service account; connects with the first request. */
  static async open(choice: ClusterChoice): Promise<KubernetesConnection> {
    return new KubernetesConnection(await clusterAccess(choice));
  }

  /**
   * One answer as JSON. What changes nothing, and what was certainly not received, is tried again while the server is away.
   * @throws KubernetesApiError, ClusterUnreachableError, and the signal's reason
   */
  async request<T>(request: KubernetesRequest): Promise<T> {
    return this.#retried(request, async () => {
      const answer = await this.#send(request, answerWithinMilliseconds);
      const body = await text(answer).catch((error: unknown) => {
        throw new ClusterUnreachableError(this.access, error as Error);
      });
      return parse<T>(this.access, body);
    });
  }

  /** An answer whose body goes on for as long as the server likes. Not retried once it began. */
  async stream(request: KubernetesRequest): Promise<IncomingMessage> {
    const { answer } = await this.#retried(request, async () => ({
      answer: await this.#send(request, answerWithinMilliseconds),
    }));
    return answer;
  }

  /** What a WebSocket of one's own needs. */
  async webSocketOptions(): Promise<{ server: string; agent: Agent; headers: Credentials['headers'] }> {
    const { agent, headers } = await this.#authorized();
    return { server: this.access.cluster.server.replace(/\/+$/, '').replace(/^http/, 'ws'), agent, headers };
  }

  /** The time by the server's clock, as its latest answer told it, in milliseconds; to the second. */
  serverTime(): number {
    return Date.now() + this.#ahead;
  }

  close(): void {
    this.#agent?.agent.destroy();
  }

  async #retried<T>(request: KubernetesRequest, attempt: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const backoff = new Backoff();
    let renewed = false;
    for (;;) {
      try {
        const result = await attempt();
        this.#answered = true;
        this.#allowed.add(request.what);
        return result;
      } catch (error) {
        if (request.signal?.aborted) throw request.awaitAnswer ? error : request.signal.reason;
        if (KubernetesApiError.is(error) && error.status === 401 && !renewed && this.#credentials.renew()) {
          renewed = true;
          continue;
        }
        const patience = this.#answered ? patienceMilliseconds : firstPatienceMilliseconds;
        const elapsed = performance.now() - began;
        const isForgotten = isRefusal(error) && this.#allowed.has(request.what) && elapsed < forgottenMilliseconds;
        if (!isForgotten && (elapsed > patience || !isRetriable(request, error))) throw error;
        const wanted = KubernetesApiError.is(error) ? error.retryAfterMilliseconds : undefined;
        await backoff.wait(request.signal, wanted);
      }
    }
  }

  async #authorized(): Promise<{ agent: Agent; headers: Credentials['headers'] }> {
    const credentials = await this.#credentials.get();
    const certificate = String(credentials.cert ?? '');
    if (this.#agent?.certificate !== certificate) {
      this.#agent?.agent.destroy();
      this.#agent = { agent: await clusterAgent(this.access, credentials), certificate };
    }
    return { agent: this.#agent.agent, headers: credentials.headers };
  }

  async #send(request: KubernetesRequest, timeoutMilliseconds: number): Promise<IncomingMessage> {
    const { agent, headers } = await this.#authorized();
    const url = this.#url(request);
    const body = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const outgoing: ClientRequest = send(url, {
        method: request.method,
        agent,
        headers: {
          Accept: 'application/json',
          'User-Agent': 'slipway',
          ...headers,
          ...(body === undefined ? {} : { 'Content-Type': contentType(request), 'Content-Length': body.length }),
        },
        ...(request.signal === undefined || request.awaitAnswer ? {} : { signal: request.signal }),
      });
      const timer = setTimeout(() => {
        outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
      }, timeoutMilliseconds);
      outgoing.on('close', () => clearTimeout(timer));
      outgoing.on('response', (response) => {
        clearTimeout(timer);
        resolve(response);
      });
      outgoing.on('error', (error) => reject(new ClusterUnreachableError(this.access, error)));
      outgoing.end(body);
    });
    const date = Date.parse(answer.headers.date ?? '');
    if (!Number.isNaN(date)) this.#ahead = date - Date.now();
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    const content = await text(answer).catch(() => '');
    throw new KubernetesApiError(this.access, request.what, status, content, answer.headers['retry-after']);
  }

  #url({ path, query }: KubernetesRequest): URL {
    const url = new URL(this.access.cluster.server.replace(/\/+$/, '') + path);
    for (const [key, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, String(value));
    }
    return url;
  }
}

function contentType({ method }: KubernetesRequest): string {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
}

function isRetriable(request: KubernetesRequest, error: unknown): boolean {
  if (KubernetesApiError.is(error)) {
    // 429 says that the request was not looked at; of the others only what changes nothing is sent again.
    return error.status === 429 || (request.method !== 'POST' && retriedStatuses.has(error.status));
  }
  if (!(error instanceof ClusterUnreachableError) || error.code !== 'CLUSTER_UNREACHABLE') return false;
  const neverSent = ['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH'].includes(errorCode(error.cause) ?? '');
  return neverSent || request.method !== 'POST';
}

function isRefusal(error: unknown): boolean {
  return KubernetesApiError.is(error) && (error.status === 401 || error.status === 403);
}

async function text(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parse<T>(access: ClusterAccess, body: string): T {
  try {
    return JSON.parse(body) as T;
  } catch {
    throw new ClusterUnreachableError(access, new Error('Something else answered in its place, perhaps a proxy'));
  }
}
