import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors/slipway-error.js';
import type { BuildContext } from './build-context.js';
import { unreadable } from './context-errors.js';
import { errorCode } from '../errors/error-code.js';
import { readIgnoreFile } from './ignore-file.js';
import { IgnoreMatcher } from './ignore-matcher.js';
import { locateDockerfile } from './locate-dockerfile.js';
import { walkContext } from './walk-context.js';
import { writeTar } from './write-tar.js';

export interface OpenBuildContextOptions {
  /** Path of the Dockerfile, relative to the context; `Dockerfile` unless given. */
  readonly dockerfile?: string | undefined;
  /** Ends the walk with the signal's reason as error. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks through a directory, once, and lists what of it belongs to the build context. File contents are read later, by `tar()`.
 * The ignore file is `<dockerfile>.dockerignore` where that exists, else `.dockerignore`; it and the Dockerfile are always part of the
 * context.
 * @throws UsageError CONTEXT_NOT_FOUND, CONTEXT_NOT_A_DIRECTORY, DOCKERFILE_NOT_FOUND, DOCKERFILE_OUTSIDE_CONTEXT,
 * DOCKERIGNORE_PATTERN_INVALID
 * @throws SlipwayError CONTEXT_FILE_UNREADABLE, CONTEXT_NAME_INVALID
 */
export async function openBuildContext(
  directory: string,
  options: OpenBuildContextOptions = {},
): Promise<BuildContext> {
  const root = await contextRoot(directory);
  const dockerfile = await locateDockerfile(root, options.dockerfile ?? 'Dockerfile');
  const ignore = await firstFile(root, [`${dockerfile.path}.dockerignore`, '.dockerignore']);
  const matcher = new IgnoreMatcher(readIgnoreFile(ignore?.text ?? ''));
  const required = new Set([...dockerfile.required, '.dockerignore', ...(ignore === undefined ? [] : [ignore.path])]);
  const { entries, skipped } = await walkContext(root, matcher, required, options.signal);
  return {
    directory: root,
    dockerfile: dockerfile.path,
    ignoreFile: ignore?.path,
    entries,
    totalBytes: entries.reduce((sum, entry) => sum + entry.size, 0),
    skipped,
    tar: (tarOptions) => writeTar(root, entries, tarOptions),
  };
}

async function contextRoot(directory: string): Promise<string> {
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(directory)).isDirectory();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') throw unreadable(directory, error);
    throw new UsageError({
      code: 'CONTEXT_NOT_FOUND',
      message: `The build context '${directory}' does not exist.`,
      fix: 'Name the directory that holds the Dockerfile and what it copies.',
      cause: error,
    });
  }
  if (!isDirectory) {
    throw new UsageError({
      code: 'CONTEXT_NOT_A_DIRECTORY',
      message: `The build context '${directory}' is not a directory.`,
      fix: 'Name the directory that holds the Dockerfile and what it copies.',
    });
  }
  return realpath(directory);
}

async function firstFile(root: string, paths: readonly string[]): Promise<{ path: string; text: string } | undefined> {
  for (const path of paths) {
    try {
      return { path, text: await readFile(join(root, path), 'utf8') };
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') throw unreadable(path, error);
    }
  }
  return undefined;
}
