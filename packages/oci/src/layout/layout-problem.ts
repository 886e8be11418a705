import { SlipwayError } from '@slipway/core';

/** @param reason a sentence */
export function layoutInvalid(directory: string, reason: string, cause?: unknown): SlipwayError {
  return new SlipwayError({
    code: 'LAYOUT_INVALID',
    message: `The folder ${directory} is not an OCI layout that can be used.`,
    reason,
    fix: 'Write the layout anew with the tool that made it, or name another folder.',
    cause,
  });
}

export function layoutNotFound(directory: string): SlipwayError {
  return new SlipwayError({
    code: 'LAYOUT_NOT_FOUND',
    message: `There is no OCI layout at ${directory}.`,
    reason: 'The folder does not exist.',
    fix: 'Check the path.',
  });
}

export function layoutUnwritable(directory: string, cause: unknown): SlipwayError {
  return new SlipwayError({
    code: 'LAYOUT_UNWRITABLE',
    message: `The OCI layout at ${directory} cannot be written.`,
    reason: cause instanceof Error ? `${cause.message}.` : undefined,
    fix: 'Check the permissions of the folder and the space on its disk.',
    cause,
  });
}

/** The content handed over for writing is not what its descriptor says. */
export function contentMismatch(reason: string): SlipwayError {
  return new SlipwayError({
    code: 'CONTENT_MISMATCH',
    message: 'Content that was to be written is not what its digest promises.',
    reason,
    fix: 'Try again; if it stays, the place that the image comes from is broken.',
  });
}
