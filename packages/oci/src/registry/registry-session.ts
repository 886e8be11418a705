import { SlipwayError, UsageError, type RegistryCredentials, type RegistryTransport } from '@slipway/core';

import { canonicalHost, dockerHub, hostPattern } from '../reference/grammar.js';
import { Authenticator } from './authenticator.js';
import { connectionProblem } from './connection-problem.js';
import { HttpConnections } from './http-connections.js';
import { discard, readBody, toHttpResponse, type HttpResponse } from './http-response.js';
import { proxyFor } from './proxy-environment.js';
import { refusal } from './refusal.js';
import { withRetries } from './retry.js';

export interface RegistrySessionOptions {
  /** `host[:port]`; `docker.io` is Docker Hub. */
  readonly host: string;
  readonly transport: RegistryTransport;
  readonly credentials?: RegistryCredentials | undefined;
  /** How the client names itself to the registry; default `slipway`. */
  readonly userAgent?: string | undefined;
  /** How long one request waits for an answer, or for more of it; default 30 s. */
  readonly timeoutMs?: number | undefined;
}

export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD';
  /** Below the registry's root, e.g. `/v2/demo/hello/manifests/1`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a token has to allow, e.g. `repository:demo/hello:pull`. */
  readonly scope: string;
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
      get: (url, headers, signal) => this.#send('GET', url, headers, signal),
    });
  }

  /** The answer, whatever its status but 401; the caller reads its body or discards it. */
  async request(request: RegistryRequest): Promise<HttpResponse> {
    const first = await this.#follow(request, this.#authenticator.known(request.scope));
    if (first.status !== 401 || first.url.origin !== this.#origin.origin) return first;
    discard(first);
    const challenge = first.headers['www-authenticate'];
    const second = await this.#follow(
      request,
      await this.#authenticator.answer(challenge, request.scope, request.signal),
    );
    if (second.status === 401) throw await this.refusal(second, 'access');
    return second;
  }

  /** An error for an answer that is not the one asked for; `what` was asked, as in "does not allow `what`". */
  refusal(response: HttpResponse, what: string): Promise<SlipwayError> {
    const isAnonymous = !this.#hasCredentials;
    return refusal({ response, what, isAnonymous, redact: (text) => this.#authenticator.redact(text) });
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
    let url = new URL(request.path, this.#origin);
    for (let redirects = 0; ; redirects += 1) {
      // Another host, port or scheme is somebody else, who is not to see what we tell the registry.
      const trusted = authorization !== undefined && url.origin === this.#origin.origin;
      const headers = { ...request.headers, ...(trusted ? { authorization } : {}) };
      const response = await this.#send(request.method, url, headers, request.signal);
      const location = response.headers.location;
      if (![301, 302, 303, 307, 308].includes(response.status) || location === undefined) return response;
      discard(response);
      url = redirectTarget(url, location, redirects);
    }
  }

  async #send(
    method: 'GET' | 'HEAD',
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<HttpResponse> {
    const request = { method, url, headers: { ...headers, 'user-agent': this.#userAgent }, signal };
    try {
      return await withRetries(async () => toHttpResponse(await this.#connections.send(request), url), signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw connectionProblem(error, url, proxyFor(url, process.env));
    }
  }
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

function redirectTarget(from: URL, location: string, redirects: number): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const isSafe = target?.protocol === 'https:' || (target?.protocol === 'http:' && from.protocol === 'http:');
  if (target === undefined || !isSafe || redirects === maximumRedirects) {
    throw new SlipwayError({
      code: 'REGISTRY_FAILED',
      message: `The registry ${from.host} sends the request elsewhere in a way that cannot be followed.`,
      reason:
        redirects === maximumRedirects
          ? `It redirects more than ${maximumRedirects} times.`
          : 'It redirects to what is neither HTTPS nor as safe as the way to itself.',
      fix: 'Check that the uri of the container registry names a registry.',
    });
  }
  target.username = '';
  target.password = '';
  return target;
}
