import { anotherNamespace, refusedPods } from './pod-failures.js';
import type { Failure } from './recognise.js';

/** Of what a request was, for messages. */
export interface RequestFacts {
  readonly context: string;
  /** How kubectl is called to reach the same cluster. */
  readonly kubectl: string;
  readonly namespace: string;
  /** Completes `does not let you …`. */
  readonly what: string;
  readonly status: number;
}

/** What it means that the API server answered, and the answer is no: by status, Kubernetes' reason, and message. */
export const apiFailures: readonly Failure<RequestFacts>[] = [
  {
    status: 401,
    code: 'KUBERNETES_UNAUTHORIZED',
    what: (_, { context }) => `The cluster of context '${context}' does not accept your credentials.`,
    fix: (_, { kubectl }) => `Log in again; try: ${kubectl} auth whoami`,
  },
  // Quotas and policies answer with 403 as missing permissions do, and say more.
  ...refusedPods.map((failure): Failure<RequestFacts> => ({
    ...failure,
    status: 403,
    what: (match) => (typeof failure.what === 'string' ? failure.what : failure.what(match)),
    fix: (match) => (typeof failure.fix === 'string' ? failure.fix : failure.fix(match)),
  })),
  {
    status: 403,
    code: 'KUBERNETES_FORBIDDEN',
    what: (_, { context, what }) => `The cluster of context '${context}' does not let you ${what}.`,
    fix: 'Ask its administrator for the permissions that this prints: slipway image-builder rbac NAME',
  },
  {
    message: /denied the request/,
    code: 'POD_REFUSED',
    what: 'A policy of the cluster does not admit the build.',
    fix: 'Ask the administrator of the cluster about the policy named above.',
  },
  {
    status: 404,
    message: /^namespaces /,
    code: 'NAMESPACE_NOT_FOUND',
    what: (_, { context, namespace }) => `The cluster of context '${context}' has no namespace '${namespace}'.`,
    fix: (_, { kubectl, namespace }) =>
      `${kubectl} create namespace ${namespace}; or name another: ${anotherNamespace}`,
  },
  {
    status: 409,
    reason: /^AlreadyExists$/,
    code: 'ALREADY_EXISTS',
    what: (_, { what }) => `The cluster could not ${what}: there is one of that name.`,
    fix: 'A build of the same id runs, or has run a moment ago. Wait for it, or choose another id.',
  },
  {
    status: 422,
    code: 'MANIFEST_INVALID',
    what: 'The cluster does not take what the build would create.',
    fix: 'Correct the attribute that the field named above comes from: slipway image-builder describe NAME',
  },
  {
    status: 400,
    message: /strict decoding error|unknown field|cannot unmarshal|BadRequest/i,
    code: 'MANIFEST_INVALID',
    what: 'The cluster does not take what the build would create.',
    fix: 'Correct the attribute that the field named above comes from: slipway image-builder describe NAME',
  },
  {
    code: 'KUBERNETES_API_ERROR',
    what: (_, { what, status }) => `The cluster could not ${what} (HTTP ${status}).`,
    fix: (_, { kubectl }) => `Try again; if it stays, try: ${kubectl} get --raw /readyz`,
  },
];
