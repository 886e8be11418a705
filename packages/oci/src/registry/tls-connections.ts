import { readFileSync } from 'node:fs';
import type { Agent as HttpAgent, ClientRequest } from 'node:http';
import { Agent, request, type AgentOptions, type RequestOptions } from 'node:https';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

import { HttpsProxyAgent } from 'hpagent';

/** Connections over TLS with the trust of one registry. Apart from plain ones, as TLS alone loads longer than a small image takes. */
export class TlsConnections {
  readonly #options: AgentOptions;
  readonly #timeoutMs: number;

  /**
   * @param authorities certificates as PEM texts, to be trusted beside the system's; undefined for those alone
   * @param timeoutMs how long a proxy may take to answer
   */
  constructor(authorities: readonly string[] | undefined, skipTlsVerify: boolean, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#options = {
      keepAlive: true,
      rejectUnauthorized: !skipTlsVerify,
      ...(authorities === undefined ? {} : { secureContext: trustBeside(authorities) }),
    };
  }

  request(url: URL, options: RequestOptions): ClientRequest {
    return request(url, options);
  }

  /** @param proxy through which it opens tunnels, if through any */
  agent(proxy?: URL): HttpAgent {
    if (proxy === undefined) return new Agent(this.#options);
    return new HttpsProxyAgent({ ...this.#options, proxy, timeout: this.#timeoutMs });
  }
}

/**
 * What the system trusts, and these authorities. Naming authorities replaces the system's in Node, so that they are named again; making
 * the context once saves reading all of them for every connection.
 */
function trustBeside(authorities: readonly string[]): SecureContext {
  return createSecureContext({ ca: [...rootCertificates, ...extraCertificates(), ...authorities] });
}

/** Node itself adds this file to the system's authorities, and ignores it where it cannot be read. */
function extraCertificates(): string[] {
  const path = process.env['NODE_EXTRA_CA_CERTS'];
  if (!path) return [];
  try {
    return [readFileSync(path, 'utf8')];
  } catch {
    return [];
  }
}
