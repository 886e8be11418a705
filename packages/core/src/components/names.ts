import { UsageError } from '../errors/slipway-error.js';

const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** @throws UsageError `INVALID_NAME` */
export function checkName(name: string): void {
  if (pattern.test(name)) return;
  throw new UsageError({
    code: 'INVALID_NAME',
    message: `'${name}' cannot be a name.`,
    reason:
      'A name has 1 to 63 letters (a to z, A to Z), digits, dots, underscores and hyphens, and begins with a letter or digit.',
  });
}
