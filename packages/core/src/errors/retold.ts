import { SlipwayError, type SlipwayErrorOptions } from './slipway-error.js';

/** An error in other words, with all else as it was and itself as the cause: for who knows better where it happened, or what mends it. */
export function retold(
  error: SlipwayError,
  words: Partial<Pick<SlipwayErrorOptions, 'message' | 'reason' | 'fix'>>,
): SlipwayError {
  const { code, message, reason, fix, exitCode } = error;
  return new SlipwayError({ code, message, reason, fix, exitCode, ...words, cause: error });
}
