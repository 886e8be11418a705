import { UsageError } from '@slipway/core';

export function missingValue(name: string): UsageError {
  return new UsageError({
    code: 'MISSING_VALUE',
    message: `'--${name}' needs a value.`,
    fix: `--${name}=VALUE; a value that begins with '-' needs the '='.`,
  });
}
