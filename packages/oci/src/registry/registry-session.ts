import { Readable } from 'node:stream';

import { UsageError, type SlipwayError, type RegistryTransport } from '@slipway/core';

import type { RegistryLogin } from '../credentials/docker-config-file.js';
import { canonicalHost, dockerHub, hostPattern } from '../reference/grammar.js';
import { Authenticator } from './authenticator.js';
import { connectionProblem } from './connection-problem.js';
import { givenAddress, misdirected } from './given-address.js';
import { HttpConnections, type HttpMethod, type HttpRequest } from './http-connections.js';
import { discard, readBody, toHttpResponse, type HttpResponse } from './http-response.js';
import { proxyFor } from './proxy-environment.js';
import { refusal } from './refusal.js';
import { RequestBodyError, type RequestBody } from './request-body.js';
import { withRetries } from './retry.js';

export interface RegistrySessionOptions {
  /** `host[:port]`; `docker.io` is Docker Hub. */
  readonly host: string;
  readonly transport: RegistryTransport;
  readonly credentials?: RegistryLogin | undefined;
  /** How the client names itself to the registry; default `slipway`. */
  readonly userAgent?: string | undefined;
  /** How long one request waits for an answer, or for more of it; default 30 s. */
  readonly timeoutMs?: number | undefined;
}

export interface RegistryRequest {
  readonly method: HttpMethod;
  /** Below the registry's root, e.g. `/v2/demo/hello/manifests/1`, or an address that the registry gave. */
  readonly target: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Started again where the registry first wants to know who asks, and for each retry. */
  readonly body?: RequestBody | undefined;
  /** What a token has to allow, e.g. `repository:demo/hello:pull`; several with spaces between them, or none. */
  readonly scope: string;
  /** True where only the caller can tell how to go on after a failure: the request is not retried. */
  readonly isOnce?: boolean;
  readonly signal?: AbortSignal | undefined;
}

const maximumRedirects = 5;

/** Requests to one registry: authenticated as it asks, retried, redirected, and failing with errors that people understand. */
export class RegistrySession {
  readonly #origin: URL;
  readonly #connections: HttpConnections;
  readonly #authenticator: Authenticator;
  readonly #userAgent: string;
  readonly #hasCredentials: boolean;

  constructor(options: RegistrySessionOptions) {
    this.#origin = originOf(options.host, options.transport);
    this.#connections = new HttpConnections(options.transport, options.timeoutMs ?? 30_000);
    this.#userAgent = options.userAgent ?? 'slipway';
    this.#hasCredentials = options.credentials !== undefined;
    this.#authenticator = new Authenticator({
      origin: this.#origin,
      credentials: options.credentials,
      ask: (url, headers, form) => {
        if (form === undefined) return this.#send({ method: 'GET', url, headers }, false);
        const bytes = Buffer.from(form.toString());
        const body = { length: bytes.length, content: () => Readable.from([bytes]) };
        return this.#send({ method: 'POST', url, headers, body }, false);
      },
    });
  }

  /** Where the registry answers, e.g. for messages. */
  get host(): string {
    return this.#origin.host;
  }

  /** The answer, whatever its status but 401; the caller reads its body or discards it. */
  async request(request: RegistryRequest): Promise<HttpResponse> {
    const known = this.#authenticator.known(request.scope);
    const first = await this.#follow(request, known);
    if (first.status !== 401 || first.url.origin !== this.#origin.origin) return first;
    discard(first);
    const challenge = first.headers['www-authenticate'];
    const second = await this.#follow(
      request,
      await this.#authenticator.answer(challenge, request.scope, known, request.signal),
    );
    if (second.status === 401) throw await this.refusal(second, 'access');
    return second;
  }

  /** An error for an answer that is not the one asked for; `what` was asked, as in "does not allow `what`". */
  async refusal(response: HttpResponse, what: string): Promise<SlipwayError> {
    const isAnonymous = !this.#hasCredentials;
    const told = await this.#wordsForHttp(response);
    if (told !== undefined) discard(response);
    return refusal({
      response: told ?? response,
      what,
      isAnonymous,
      redact: (text) => this.#authenticator.redact(text),
    });
  }

  /** A server for HTTPS tells who speaks plain HTTP to it so in a body, which its answer to a HEAD has not: it is asked once more. */
  async #wordsForHttp({ status, hasBody }: HttpResponse): Promise<HttpResponse | undefined> {
    if (status !== 400 || hasBody || this.#origin.protocol !== 'http:') return undefined;
    const ping = { method: 'GET', url: new URL('/v2/', this.#origin), headers: {} } as const;
    const answer = await this.#send(ping, true).catch(() => undefined);
    if (answer?.status === 400) return answer;
    if (answer !== undefined) discard(answer);
    return undefined;
  }

  /** The whole body of an answer, or undefined where it is longer than `limit` bytes. */
  async read(response: HttpResponse, limit: number, signal: AbortSignal | undefined): Promise<Buffer | undefined> {
    try {
      return await readBody(response, limit);
    } catch (error) {
      signal?.throwIfAborted();
      throw connectionProblem(error, response.url, proxyFor(response.url, process.env));
    }
  }

  /** Closes the connections that are kept for the next request. */
  close(): void {
    this.#connections.close();
  }

  async #follow(request: RegistryRequest, authorization: string | undefined): Promise<HttpResponse> {
    let url = new URL(request.target, this.#origin);
    for (let redirects = 0; ; redirects += 1) {
      // Another host, port or scheme is somebody else, who is not to see what we tell the registry.
      const trusted = authorization !== undefined && url.origin === this.#origin.origin;
      const headers = { ...request.headers, ...(trusted ? { authorization } : {}) };
      const { method, body, signal, isOnce } = request;
      const response = await this.#send({ method, url, headers, body, signal }, isOnce ?? false);
      const location = response.headers.location;
      if (!isRedirect(request.method, response.status) || location === undefined) return response;
      discard(response);
      if (redirects === maximumRedirects) throw misdirected(url, `It redirects more than ${maximumRedirects} times`);
      url = givenAddress(url, location);
    }
  }

  async #send(request: HttpRequest, isOnce: boolean): Promise<HttpResponse> {
    const { url, signal } = request;
    const whole = { ...request, headers: { ...request.headers, 'user-agent': this.#userAgent } };
    const attempt = async (): Promise<HttpResponse> => toHttpResponse(await this.#connections.send(whole), whole);
    try {
      return await (isOnce ? attempt() : withRetries(attempt, signal));
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RequestBodyError) throw error;
      throw connectionProblem(error, url, proxyFor(url, process.env));
    }
  }
}

/** Only 307 and 308 promise that what is sent is to be sent there in the same way. */
function isRedirect(method: HttpMethod, status: number): boolean {
  const isReading = method === 'GET' || method === 'HEAD';
  return status === 307 || status === 308 || (isReading && [301, 302, 303].includes(status));
}

function originOf(host: string, transport: RegistryTransport): URL {
  // The name in references is not where Docker Hub's registry answers.
  const server = canonicalHost(host) === dockerHub ? 'registry-1.docker.io' : host;
  const text = `${transport.insecure ? 'http' : 'https'}://${server}`;
  if (hostPattern.test(host) && URL.canParse(text)) return new URL(text);
  throw new UsageError({
    code: 'INVALID_REGISTRY_URI',
    message: `'${host}' is not the host of a registry.`,
    fix: 'Write it as host[:port].',
  });
}
