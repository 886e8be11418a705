import { SlipwayError } from '@slipway/core';
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
    super({ ...describe(access, what, status, answer), cause: answer });
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
    const { server } = access.cluster;
    const untrusted = /certificate|self.signed|CERT_|altname/i.test(`${cause.message} ${errorCode(cause) ?? ''}`);
    super({
      code: untrusted ? 'CLUSTER_CERTIFICATE_UNTRUSTED' : 'CLUSTER_UNREACHABLE',
      message: untrusted
        ? `The certificate of the cluster at ${server} is not trusted.`
        : `The cluster at ${server} (context '${access.context}') does not answer.`,
      reason: explain(cause),
      fix: untrusted
        ? 'Get a fresh kubeconfig: its certificate-authority does not fit the cluster.'
        : `Check the network, VPN and proxy; try: kubectl --context ${access.context} version`,
      cause,
    });
  }
}

export function errorCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function describe(
  access: ClusterAccess,
  what: string,
  status: number,
  answer: KubernetesStatus | undefined,
): { code: string; message: string; reason?: string | undefined; fix?: string | undefined } {
  const reason = answer?.message;
  if (status === 401) {
    return {
      code: 'KUBERNETES_UNAUTHORIZED',
      message: `The cluster of context '${access.context}' does not accept your credentials.`,
      reason,
      fix: `Log in again; try: kubectl --context ${access.context} auth whoami`,
    };
  }
  if (status === 403) {
    return {
      code: 'KUBERNETES_FORBIDDEN',
      message: `The cluster of context '${access.context}' does not let you ${what}.`,
      reason,
      fix: 'Ask its administrator for the permissions in docs/flavors/kaniko.md.',
    };
  }
  if (status === 404 && reason?.startsWith('namespaces ')) {
    return {
      code: 'NAMESPACE_NOT_FOUND',
      message: `The cluster of context '${access.context}' has no namespace '${access.namespace}'.`,
      fix: `kubectl --context ${access.context} create namespace ${access.namespace}; or name another with --kubernetes_namespace=…`,
    };
  }
  if (status === 409 && answer?.reason === 'AlreadyExists') {
    return {
      code: 'ALREADY_EXISTS',
      message: `The cluster could not ${what}: there is one of that name.`,
      reason,
      fix: 'A build of the same id runs, or has run a moment ago. Wait for it, or choose another id.',
    };
  }
  return { code: 'KUBERNETES_API_ERROR', message: `The cluster could not ${what} (HTTP ${status}).`, reason };
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
