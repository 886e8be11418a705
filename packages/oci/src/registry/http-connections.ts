import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';

import type { RegistryTransport } from '@slipway/core';

import { certificatesOf } from './ca-bundle.js';
import { proxyFor } from './proxy-environment.js';
import { writeBody, type RequestBody } from './request-body.js';
import type { TlsConnections } from './tls-connections.js';

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Nothing came from the other side for the time a request may take. */
class RequestTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/** Connections that are kept and used again, with the trust, the proxies and the patience of one registry. */
export class HttpConnections {
  readonly #agents = new Map<string, HttpAgent>();
  readonly #skipTlsVerify: boolean;
  readonly #authorities: readonly string[] | undefined;
  readonly #timeoutMs: number;
  #tls: Promise<TlsConnections> | undefined;

  constructor(transport: RegistryTransport, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#skipTlsVerify = transport.skipTlsVerify;
    this.#authorities = transport.caBundle === undefined ? undefined : certificatesOf(transport.caBundle);
  }

  /**
   * One exchange, up to the head of the answer. The caller reads or discards the body, so that the connection can be kept.
   *
   * The time to wait is that of standing still: neither a long body nor a slow source of one, or a slow reader, counts.
   */
  async send(request: HttpRequest): Promise<IncomingMessage> {
    const { url } = request;
    const proxy = proxyFor(url, process.env);
    const tls = url.protocol === 'https:' || proxy?.protocol === 'https:' ? await this.#loadTls() : undefined;
    return new Promise((resolve, reject) => {
      request.signal?.throwIfAborted();
      const outgoing = this.#open(request, proxy, tls);
      let waitsForContent = false;
      const timer = setTimeout(() => {
        if (waitsForContent) timer.refresh();
        else outgoing.destroy(new RequestTimeout(`no answer within ${this.#timeoutMs / 1000} s`));
      }, this.#timeoutMs);
      outgoing.on('error', reject);
      outgoing.on('close', () => {
        clearTimeout(timer);
      });
      outgoing.on('response', (response) => {
        clearTimeout(timer);
        this.#watch(response);
        // An answer before the end of the request leaves a connection in the middle of a body that nobody sends on.
        response.once('close', () => {
          if (!outgoing.writableEnded) outgoing.destroy();
        });
        resolve(response);
      });
      if (request.body === undefined) outgoing.end();
      else {
        void writeBody(outgoing, request.body, (forContent) => {
          waitsForContent = forContent;
          timer.refresh();
        });
      }
    });
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #watch(response: IncomingMessage): void {
    // Where something lies here to be read, it is the reader who takes the time; the other side's begins anew when nothing does any more.
    let readerWasSlow = false;
    response.setTimeout(this.#timeoutMs, () => {
      const isForgiven = readerWasSlow;
      readerWasSlow = response.readableLength > 0;
      // Sockets tell of a time without activity once, and where nothing moves again never more.
      if (readerWasSlow || isForgiven) response.setTimeout(this.#timeoutMs);
      else response.destroy(new RequestTimeout(`the answer stopped for ${this.#timeoutMs / 1000} s`));
    });
  }

  #loadTls(): Promise<TlsConnections> {
    this.#tls ??= import('./tls-connections.js').then(
      ({ TlsConnections }) => new TlsConnections(this.#authorities, this.#skipTlsVerify, this.#timeoutMs),
    );
    return this.#tls;
  }

  /** @param tls there where it is needed */
  #open({ method, url, headers: given, body, signal }: HttpRequest, proxy?: URL, tls?: TlsConnections): ClientRequest {
    const headers = body?.length === undefined ? given : { ...given, 'content-length': String(body.length) };
    const options = { method, headers, ...(signal === undefined ? {} : { signal }) };
    if (proxy !== undefined && url.protocol === 'http:') return this.#openThrough(proxy, url, options, tls);
    if (tls === undefined) return httpRequest(url, { ...options, agent: this.#httpAgent() });
    return tls.request(url, { ...options, agent: this.#tlsAgent(tls, proxy) });
  }

  /** Proxies are told the whole address of what is plain HTTP; many refuse to open a tunnel for it. */
  #openThrough(proxy: URL, url: URL, options: RequestOptions, tls: TlsConnections | undefined): ClientRequest {
    const headers = { ...options.headers, host: url.host, ...proxyAuthorization(proxy) };
    const whole = { ...options, headers, path: url.href };
    const target = new URL(proxy.origin);
    if (tls === undefined) return httpRequest(target, { ...whole, agent: this.#httpAgent() });
    return tls.request(target, { ...whole, agent: this.#tlsAgent(tls) });
  }

  #httpAgent(): HttpAgent {
    return this.#agent('http:', () => new HttpAgent({ keepAlive: true }));
  }

  #tlsAgent(tls: TlsConnections, proxy?: URL): HttpAgent {
    return this.#agent(proxy?.href ?? 'https:', () => tls.agent(proxy));
  }

  #agent(key: string, create: () => HttpAgent): HttpAgent {
    const agent = this.#agents.get(key) ?? create();
    this.#agents.set(key, agent);
    return agent;
  }
}

function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {};
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
