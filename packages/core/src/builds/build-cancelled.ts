import { SlipwayError } from '../errors/slipway-error.js';

/** What a build rejects with once its signal was aborted: `BUILD_CANCELLED`, with the exit code of a process that Ctrl-C ended. */
export function buildCancelled(): SlipwayError {
  return new SlipwayError({ code: 'BUILD_CANCELLED', message: 'The build was cancelled.', exitCode: 130 });
}
