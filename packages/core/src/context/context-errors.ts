import { errorCode } from '../errors/error-code.js';
import { SlipwayError } from '../errors/slipway-error.js';

// What the system answers where a path no longer is what the walk saw there.
const changedCodes = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENXIO', 'ESPIPE']);

/** Translates what the system says when a file of the context is opened or read. */
export function fileError(path: string, error: unknown): SlipwayError {
  const code = errorCode(error);
  if (code !== undefined && changedCodes.has(code)) return fileChanged(path, error);
  return unreadable(path, error);
}

export function fileChanged(path: string, cause?: unknown): SlipwayError {
  return new SlipwayError({
    code: 'CONTEXT_FILE_CHANGED',
    message: `'${path}' changed while the build context was read.`,
    reason: 'It vanished, became shorter, or is no longer a regular file.',
    fix: 'Build again once nothing writes to it, or exclude it in .dockerignore.',
    cause,
  });
}

export function unreadable(path: string, error: unknown): SlipwayError {
  return new SlipwayError({
    code: 'CONTEXT_FILE_UNREADABLE',
    message: `'${path}' in the build context cannot be read.`,
    reason: error instanceof Error ? error.message : String(error),
    fix: 'Give yourself permission to read it, or exclude it in .dockerignore.',
    cause: error,
  });
}

export function nameInvalid(name: string): SlipwayError {
  return new SlipwayError({
    code: 'CONTEXT_NAME_INVALID',
    message: `'${name}' in the build context has a name or a link target that is not valid UTF-8.`,
    reason: 'Such a name does not mean the same on every machine.',
    fix: 'Rename it, or exclude it in .dockerignore with a `?` for each of its broken characters.',
  });
}
