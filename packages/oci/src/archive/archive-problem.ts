import { SlipwayError } from '@slipway/core';

/** @param reason a sentence */
export function archiveInvalid(
  file: string,
  reason: string,
  fix = 'Write the archive anew with the tool that made it, or name another file.',
): SlipwayError {
  return new SlipwayError({
    code: 'ARCHIVE_INVALID',
    message: `The file ${file} is not a Docker archive that can be used.`,
    reason,
    fix,
  });
}

export function archiveUnreadable(file: string, cause: unknown): SlipwayError {
  return new SlipwayError({
    code: 'ARCHIVE_UNREADABLE',
    message: `The file ${file} cannot be read.`,
    reason: cause instanceof Error ? `${cause.message}.` : undefined,
    fix: 'Check the path and the permissions of the file.',
    cause,
  });
}

export function archiveUnwritable(file: string, cause: unknown): SlipwayError {
  return new SlipwayError({
    code: 'ARCHIVE_UNWRITABLE',
    message: `The file ${file} cannot be written.`,
    reason: cause instanceof Error ? `${cause.message}.` : undefined,
    fix: 'Check the permissions of its folder and the space on its disk.',
    cause,
  });
}
