import { SlipwayError, UsageError } from '@slipway/core';

/** What makes an instruction that copies files impossible. */
export type CopyProblem =
  | 'COPY_SOURCE_NOT_FOUND'
  | 'COPY_SOURCE_OUTSIDE_CONTEXT'
  | 'COPY_DESTINATION_NOT_DIRECTORY'
  | 'COPY_TARGET_CONFLICT'
  | 'COPY_NAME_RESERVED'
  | 'COPY_OWNER_INVALID'
  | 'COPY_MODE_INVALID'
  | 'COPY_PATTERN_INVALID'
  | 'ADD_ADDRESS_UNSUPPORTED'
  | 'ADD_ARCHIVE_BROKEN';

/** The line and the name of the instruction that an error is about. */
export interface InstructionPlace {
  readonly line: number;
  readonly instruction: string;
}

export function copyError(
  place: InstructionPlace,
  code: CopyProblem,
  problem: string,
  fix: string,
  details: { readonly reason?: string; readonly cause?: unknown } = {},
): UsageError {
  const message = `Dockerfile line ${place.line}: ${place.instruction} ${problem}`;
  return new UsageError({ code, message, fix, ...details });
}

export function layerBroken(digest: string, cause: unknown): SlipwayError {
  return new SlipwayError({
    code: 'LAYER_BROKEN',
    message: `The layer ${digest} of the base image cannot be read as an archive.`,
    reason: cause instanceof Error ? cause.message : String(cause),
    fix: 'Pull the base image with another tool to see whether it is broken there too.',
    cause,
  });
}

export function cacheUnwritable(folder: string, cause: unknown): SlipwayError {
  return new SlipwayError({
    code: 'CACHE_UNWRITABLE',
    message: `The cache ${folder} cannot be written, and the build has to unpack something there.`,
    reason: cause instanceof Error ? `${cause.message}.` : String(cause),
    fix: 'Make room there, or name another folder: slipway image-builder update NAME --cache_directory=FOLDER',
    cause,
  });
}

export function filesChanged(path: string): SlipwayError {
  return new SlipwayError({
    code: 'CONTEXT_FILE_CHANGED',
    message: `'${path}' changed while the image was built.`,
    reason: 'Its layer was computed from what the file held before.',
    fix: 'Build again once nothing writes to it, or exclude it in .dockerignore.',
  });
}
