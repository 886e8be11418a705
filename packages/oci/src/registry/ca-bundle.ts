import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

import { UsageError } from '@slipway/core';

/**
 * What the system trusts, and the authorities of this PEM text. Naming authorities replaces the system's in Node, so that they are
 * named again; making the context once saves reading all of them for every connection.
 *
 * @throws UsageError `INVALID_CA_BUNDLE`
 */
export function trustBeside(caBundle: string): SecureContext {
  return createSecureContext({ ca: [...rootCertificates, ...extraCertificates(), ...certificatesOf(caBundle)] });
}

function certificatesOf(bundle: string): string[] {
  const certificates = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length > 0 && certificates.every(isCertificate)) return certificates;
  throw new UsageError({
    code: 'INVALID_CA_BUNDLE',
    message: 'The CA bundle of the container registry cannot be used.',
    reason:
      certificates.length > 0 ? 'One of its certificates cannot be read.' : 'It holds no certificate as PEM text.',
    fix: 'slipway container-registry update REGISTRY --ca_bundle=@ca.crt',
  });
}

function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
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
