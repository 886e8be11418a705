import { X509Certificate } from 'node:crypto';

import { UsageError } from '@slipway/core';

/**
 * The certificates in the PEM text of a container registry.
 *
 * @throws UsageError `INVALID_CA_BUNDLE`
 */
export function certificatesOf(caBundle: string): readonly string[] {
  const certificates = caBundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
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
