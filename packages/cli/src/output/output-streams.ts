import { SlipwayError } from '@slipway/core';

let ignoring = false;

/** Whoever reads our output may stop at any time (`| head`); a build must nevertheless end in order. */
export function ignoreBrokenPipes(): void {
  if (ignoring) return;
  ignoring = true;
  for (const stream of [process.stdout, process.stderr]) {
    // What else goes wrong, such as a full disk, is for `lostOutput` to tell.
    stream.on('error', () => undefined);
  }
}

/** The error of data that was printed and did not arrive, though somebody wanted it. */
export function lostOutput(): SlipwayError | undefined {
  const error: NodeJS.ErrnoException | null = process.stdout.errored;
  if (error === null || error.code === 'EPIPE') return undefined;
  return new SlipwayError({
    code: 'OUTPUT_LOST',
    message: 'What was to be printed could not be written.',
    reason: `${error.message}.`,
    fix: 'The command itself was carried out; make room where its output goes.',
    cause: error,
  });
}
