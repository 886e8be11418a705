import type { Failure } from './recognise.js';

export interface ConnectionFacts {
  readonly context: string;
  /** How kubectl is called to reach the same cluster. */
  readonly kubectl: string;
  readonly server: string;
  /** The proxy on the way to it, if there is one. */
  readonly proxy: string | undefined;
}

const unreachable = (_: RegExpExecArray, { server, context }: ConnectionFacts): string =>
  `The cluster at ${server} (context '${context}') does not answer.`;

/** What it means that no answer came from the API server: by the code of Node's error, and its message. */
export const connectionFailures: readonly Failure<ConnectionFacts>[] = [
  {
    message: /alert certificate (?:expired|unknown|revoked|required)|alert bad certificate/i,
    code: 'KUBERNETES_UNAUTHORIZED',
    what: (_, { context }) => `The cluster of context '${context}' does not accept your client certificate.`,
    fix: 'Get a fresh kubeconfig: the certificate in it has probably expired.',
  },
  {
    reason: /^CERT_HAS_EXPIRED$/,
    code: 'CLUSTER_CERTIFICATE_UNTRUSTED',
    what: (_, { server }) => `The certificate of the cluster at ${server} has expired.`,
    fix: 'Have it renewed by the administrator of the cluster, and check the clock of this machine.',
  },
  {
    reason: /ALTNAME/,
    code: 'CLUSTER_CERTIFICATE_UNTRUSTED',
    what: (_, { server }) => `The certificate of the cluster at ${server} is for another name.`,
    fix: 'Use an address that it is for as server in the kubeconfig, or name one as its tls-server-name.',
  },
  {
    reason: /CERT_|_CERT|^UNABLE_TO|^INVALID_(?:CA|PURPOSE)$/,
    code: 'CLUSTER_CERTIFICATE_UNTRUSTED',
    what: (_, { server }) => `The certificate of the cluster at ${server} is not trusted.`,
    fix: 'Get a fresh kubeconfig: its certificate-authority does not fit the cluster.',
  },
  {
    message: /certificate|self.signed|altname/i,
    code: 'CLUSTER_CERTIFICATE_UNTRUSTED',
    what: (_, { server }) => `The certificate of the cluster at ${server} is not trusted.`,
    fix: 'Get a fresh kubeconfig: its certificate-authority does not fit the cluster.',
  },
  {
    code: 'CLUSTER_UNREACHABLE',
    what: unreachable,
    fix: (_, { kubectl, proxy }) =>
      proxy === undefined
        ? `Check the network, VPN and proxy; try: ${kubectl} version`
        : `Check the proxy ${proxy} and NO_PROXY; try: ${kubectl} version`,
  },
];
