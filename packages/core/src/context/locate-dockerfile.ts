import { lstat, readdir, readlink } from 'node:fs/promises';
import { isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { nearest } from '../errors/nearest.js';
import { UsageError } from '../errors/slipway-error.js';
import { unreadable } from './context-errors.js';
import { errorCode } from '../errors/error-code.js';

export interface LocatedDockerfile {
  /** Relative to the context, with `/`, as it was asked for. */
  readonly path: string;
  /** The file and the symlinks on the way to it; all of them must be sent. */
  readonly required: readonly string[];
}

/**
 * Finds the Dockerfile in the context. Symlinks are followed as the builder will follow them, so they must stay within the context.
 * @param root the context directory, absolute, symlinks resolved
 * @param dockerfile relative to the context, or absolute
 * @throws UsageError DOCKERFILE_NOT_FOUND, DOCKERFILE_OUTSIDE_CONTEXT
 */
export async function locateDockerfile(root: string, dockerfile: string): Promise<LocatedDockerfile> {
  const path = relative(root, resolve(root, dockerfile)).split(sep).join('/');
  if (path.split('/')[0] === '..' || isAbsolute(path)) throw outside(dockerfile, 'The path leads out of the context.');

  const required: string[] = [];
  let current = '';
  let pending = path.split('/');
  while (pending.length > 0) {
    const [segment = '', ...rest] = pending;
    pending = rest;
    if (segment === '..' && current === '') throw outside(dockerfile, 'A symlink on the way leads out of the context.');
    const next = posix.join(current, segment);
    const status = await lstat(join(root, next)).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
      throw unreadable(next, error);
    });
    if (status === undefined) throw await notFound(root, path);
    if (status.isSymbolicLink()) {
      const target = await readlink(join(root, next));
      if (isAbsolute(target)) throw outside(dockerfile, `The symlink '${next}' has an absolute target.`);
      if (required.push(next) > 40) throw outside(dockerfile, 'The symlinks on the way lead in a circle.');
      pending = [...target.split(sep), ...pending];
    } else {
      current = next === '.' ? '' : next;
      if (pending.length === 0 && !status.isFile()) throw await notFound(root, path, 'It is not a regular file.');
    }
  }
  return { path, required: [...required, current] };
}

async function notFound(root: string, path: string, reason?: string): Promise<UsageError> {
  const other = await similar(root, path);
  return new UsageError({
    code: 'DOCKERFILE_NOT_FOUND',
    message: `The build context has no Dockerfile '${path}'.`,
    reason: reason ?? `There is no such file in ${root}.`,
    fix:
      other === undefined
        ? 'Write it, or name the right one; its path is relative to the build context.'
        : `Did you mean '${other}'? Name it as the Dockerfile; its path is relative to the build context.`,
  });
}

/** The file in the context that was most likely meant. */
async function similar(root: string, path: string): Promise<string | undefined> {
  const candidates = [...(await filesIn(root, '')), ...(await filesIn(root, posix.dirname(path)))];
  const near =
    candidates.find((candidate) => candidate === posix.basename(path) && candidate !== path) ??
    candidates.find((candidate) => candidate.toLowerCase() === path.toLowerCase() && candidate !== path) ??
    candidates.find((candidate) => /^(containerfile|dockerfile)$/i.test(posix.basename(candidate))) ??
    candidates.find((candidate) => /^dockerfile[._-]|\.dockerfile$/i.test(posix.basename(candidate)));
  return near ?? nearest(path, candidates);
}

async function filesIn(root: string, directory: string): Promise<string[]> {
  const children = await readdir(join(root, directory), { withFileTypes: true }).catch(() => []);
  return children
    .filter((child) => child.isFile() && !child.name.endsWith('.dockerignore'))
    .map((child) => posix.join(directory, child.name))
    .sort();
}

function outside(dockerfile: string, reason: string): UsageError {
  return new UsageError({
    code: 'DOCKERFILE_OUTSIDE_CONTEXT',
    message: `The Dockerfile '${dockerfile}' is not within the build context.`,
    reason,
    fix: 'Move it into the context, or choose a context that holds it; its path is relative to the context.',
  });
}
