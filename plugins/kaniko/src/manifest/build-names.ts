import { randomBytes } from 'node:crypto';
import { UsageError } from '@slipway/core';

/** The container that runs the executor. Others may be there: meshes and policies inject theirs. */
export const executorContainer = 'kaniko';

const pattern = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/**
 * @param given a build id chosen by the caller
 * @throws UsageError `INVALID_BUILD_ID`
 */
export function buildId(given: string | undefined): string {
  if (given === undefined) return [...randomBytes(10)].map((byte) => alphabet[byte % alphabet.length]).join('');
  if (pattern.test(given)) return given;
  throw new UsageError({
    code: 'INVALID_BUILD_ID',
    message: `'${given}' cannot be a build id.`,
    reason:
      'It becomes part of names in Kubernetes: 1 to 40 lower-case letters, digits and hyphens, no hyphen at either end.',
    fix: 'Choose another, such as --build-id=app-42.',
  });
}

/** The name of a build's Job, and of what belongs to it. */
export function jobName(id: string): string {
  return `slipway-build-${id}`;
}
