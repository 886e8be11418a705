import { SlipwayError } from '@slipway/core';

const untrustedIssuer = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'INVALID_CA',
  'INVALID_PURPOSE',
]);

const wrongCertificate = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** How OpenSSL, which has no code for it, tells of an answer that is no TLS. */
const notTls = /wrong version number|packet length too long|http request/i;

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'Its name is not known to the name servers of this machine.',
  EAI_AGAIN: 'The name servers of this machine do not answer.',
  ECONNREFUSED: 'Nothing listens on that port (connection refused).',
  ECONNRESET: 'It closed the connection without an answer, several times.',
  EPIPE: 'It closed the connection without an answer, several times.',
  ERR_STREAM_PREMATURE_CLOSE: 'It closed the connection in the middle of its answer.',
  ETIMEDOUT: 'It did not answer in time.',
  EHOSTUNREACH: 'There is no route from this machine to it.',
  ENETUNREACH: 'There is no route from this machine to it.',
};

/** Says in our words why no answer came from `url`; what is not about the connection is given back as it is. */
export function connectionProblem(error: unknown, url: URL, proxy?: URL): unknown {
  if (!(error instanceof Error) || SlipwayError.is(error) || error instanceof TypeError) return error;
  const code = codeOf(error) ?? '';
  if (code === '' && proxy === undefined) return error;
  const host = url.host;
  if (untrustedIssuer.has(code)) {
    return new SlipwayError({
      code: 'REGISTRY_CERTIFICATE_UNTRUSTED',
      message: `The certificate of the registry ${host} is not trusted.`,
      reason: `No authority known to this machine vouches for it (${code}).`,
      fix:
        'Name the authority: slipway container-registry update REGISTRY --ca_bundle=@ca.crt ' +
        '(or, at your own risk, --skip_tls_verify=true)',
      cause: error,
    });
  }
  if (wrongCertificate.has(code)) {
    return new SlipwayError({
      code: 'REGISTRY_CERTIFICATE_UNTRUSTED',
      message: `The certificate of the registry ${host} is not valid for it.`,
      reason: error.message,
      fix:
        'Use the name and the time that the certificate is for, or, at your own risk: ' +
        'slipway container-registry update REGISTRY --skip_tls_verify=true',
      cause: error,
    });
  }
  if (notTls.test(error.message)) {
    return new SlipwayError({
      code: 'REGISTRY_SPEAKS_HTTP',
      message: `The registry ${host} does not speak HTTPS.`,
      reason: 'Its answer to the TLS handshake is none; most likely it is a registry with plain HTTP.',
      fix: 'slipway container-registry update REGISTRY --insecure=true',
      cause: error,
    });
  }
  return new SlipwayError({
    code: 'REGISTRY_UNREACHABLE',
    message: `The registry ${host} cannot be reached from this machine.`,
    reason: [
      reasons[code] ?? `The connection failed (${opensslReason(error) ?? error.message}).`,
      ...wayThrough(proxy),
    ].join(' '),
    fix: `Check its name, in the uri of the container registry or in the Dockerfile, and that 'curl ${url.protocol}//${host}/v2/' gets an answer.`,
    cause: error,
  });
}

/** That it may be the proxy's fault, which has no code of its own for what it refuses. */
function wayThrough(proxy: URL | undefined): string[] {
  return proxy === undefined ? [] : [`The way to it goes through the proxy ${proxy.host} that the environment names.`];
}

/** OpenSSL's words without the place in its source that the message gives as well. */
function opensslReason(error: Error): string | undefined {
  return (error as { reason?: string }).reason;
}

/** The code of the error, or of the first of those it gathers, as when every address of a name was tried in vain. */
function codeOf(error: Error): string | undefined {
  const { code, errors } = error as NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] };
  return code ?? errors?.[0]?.code;
}
