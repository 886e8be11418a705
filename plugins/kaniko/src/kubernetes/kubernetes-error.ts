import { errorCode, SlipwayError } from '@slipway/core';
import { proxyFor } from '@slipway/oci';
import { apiFailures } from '../failures/api-failures.js';
import { connectionFailures } from '../failures/connection-failures.js';
import { recogniseAll } from '../failures/recognise.js';
import type { ClusterAccess } from './cluster-access.js';

/** The `Status` object that the API server answers with where a request fails. */
interface KubernetesStatus {
  readonly kind: 'Status';
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
}

/** The API server answered, and the answer is no. */
export class KubernetesApiError extends SlipwayError {
  /** HTTP status, e.g. 404. */
  readonly status: number;
  /** Kubernetes' word for it, e.g. `NotFound`, `AlreadyExists`. */
  readonly kubernetesReason: string | undefined;
  /** How long the server asks to wait before the next try, in milliseconds. */
  readonly retryAfterMilliseconds: number | undefined;

  constructor(access: ClusterAccess, what: string, status: number, body: string, retryAfter: string | undefined) {
    const answer = parseStatus(body);
    const { context, kubectl, namespace } = access;
    const said = { status, reason: answer?.reason, message: answer?.message ?? '' };
    super({
      ...recogniseAll(apiFailures, said, { context, kubectl, namespace, what, status }),
      reason: answer?.message,
      cause: answer,
    });
    this.status = status;
    this.kubernetesReason = answer?.reason;
    const seconds = Number(retryAfter);
    this.retryAfterMilliseconds = retryAfter !== undefined && seconds >= 0 ? seconds * 1000 : undefined;
  }

  static override is(error: unknown): error is KubernetesApiError {
    return error instanceof KubernetesApiError;
  }
}

/** No answer came from the API server. */
export class ClusterUnreachableError extends SlipwayError {
  constructor(access: ClusterAccess, cause: Error) {
    const { context, kubectl } = access;
    const { server } = access.cluster;
    const proxy = proxyOf(access);
    const said = { reason: errorCode(cause), message: cause.message };
    super({
      ...recogniseAll(connectionFailures, said, { context, kubectl, server, proxy }),
      reason: [explain(cause), ...(proxy === undefined ? [] : [`The way to it goes through the proxy ${proxy}.`])].join(
        ' ',
      ),
      cause,
    });
  }
}

/** The proxy on the way to the API server, without credentials. */
function proxyOf({ cluster }: ClusterAccess): string | undefined {
  const given =
    cluster['proxy-url'] || (URL.canParse(cluster.server) && proxyFor(new URL(cluster.server), process.env)?.href);
  if (!given || !URL.canParse(given)) return undefined;
  const { protocol, host } = new URL(given);
  return `${protocol}//${host}`;
}

function explain(cause: Error): string {
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'Nothing listens at that address.',
    ENOTFOUND: 'Its host name is not known.',
    EAI_AGAIN: 'Its host name could not be looked up.',
    ETIMEDOUT: 'It did not answer in time.',
    ECONNRESET: 'The connection was cut.',
    EHOSTUNREACH: 'There is no way to that address.',
  };
  return known[errorCode(cause) ?? ''] ?? `${cause.message}.`;
}

function parseStatus(body: string): KubernetesStatus | undefined {
  try {
    const value = JSON.parse(body) as { kind?: unknown };
    if (value.kind === 'Status') return value as KubernetesStatus;
  } catch {
    // Proxies and load balancers answer with pages of their own.
  }
  return undefined;
}
