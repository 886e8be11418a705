import { UsageError } from '@slipway/core';

// The last second of the year 9999: what comes after it has no place in the format.
const latest = 253_402_300_799;

/**
 * When the image says it was made: at `SOURCE_DATE_EPOCH`, in seconds since 1970, else in 1970; never now, so that the same content makes
 * the same digest.
 * @throws UsageError `INVALID_SOURCE_DATE_EPOCH`
 */
export function createdTime(epoch: string | undefined): string {
  const seconds = epoch === undefined || epoch === '' ? 0 : Number(epoch);
  if (/^\d*$/.test(epoch ?? '') && seconds <= latest) {
    return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  }
  throw new UsageError({
    code: 'INVALID_SOURCE_DATE_EPOCH',
    message: `SOURCE_DATE_EPOCH is '${epoch}', which is no time.`,
    reason: 'It is a whole number of seconds since the beginning of 1970.',
    fix: 'Unset it, or set it as in: SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)',
  });
}
