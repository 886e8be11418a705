import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nearest, type SlipwayError } from '@slipway/core';
import type { CopyRequest } from './copy-request.js';
import type { FilesByPath } from './files-by-path.js';
import { copyError } from './files-error.js';
import { hasGlob, unescapeGlob } from './go-glob.js';
import { ancestorsOf, imagePath, parentOf } from './image-path.js';

interface Explanation {
  readonly reason?: string;
  readonly fix: string;
}

/** Says why a source of a COPY or ADD stands for nothing: what was misspelt, left out, or leads nowhere. */
export function sourceNotFound(request: CopyRequest, source: string, tree: FilesByPath): SlipwayError {
  const pattern = imagePath(source);
  const path = unescapeGlob(pattern);
  const { reason, fix } =
    (hasGlob(pattern)
      ? explainPattern(pattern, tree)
      : (explainLink(request, path, tree) ?? explainLeftOut(request, path))) ?? explainName(request, path, tree);
  const problem = `does not find '${source}' in ${placeOf(request)}.`;
  return copyError(request, 'COPY_SOURCE_NOT_FOUND', problem, fix, reason === undefined ? {} : { reason });
}

/** A file whose name has a bracket is there, but its name as a pattern means others. */
function explainPattern(path: string, tree: FilesByPath): Explanation | undefined {
  if (!exists(path, tree)) return undefined;
  return {
    reason: 'There is a file of that very name, but as a pattern the name means others.',
    fix: `Write '${path.replaceAll('[', '[[]')}'.`,
  };
}

/** A symlink on the way, or the source itself, leads to what is not there. */
function explainLink(request: CopyRequest, path: string, tree: FilesByPath): Explanation | undefined {
  const link = tree.resolve(firstMissing(path, tree), false) ?? '';
  const { kind, target = '' } = tree.get(link) ?? {};
  if (kind !== 'symlink') return undefined;
  const real = tree.resolve(link);
  if (real === undefined) return { reason: `'${link}' is one of a circle of symlinks.`, fix: 'Name the file itself.' };
  const reason = `'${link}' is a symlink to '${target}', and ${placeOf(request)} has no '${real}'.`;
  return { reason, fix: explainLeftOut(request, real)?.fix ?? 'Put there what it leads to, or name the file itself.' };
}

function explainLeftOut({ from }: CopyRequest, path: string): Explanation | undefined {
  if (from.kind !== 'context' || !existsSync(join(from.context.directory, path))) return undefined;
  const { ignoreFile = '.dockerignore', skipped } = from.context;
  if (skipped.includes(path)) return { reason: 'It is a socket, a pipe or a device.', fix: 'Name a file or a folder.' };
  return { reason: `${ignoreFile} leaves it out.`, fix: `Add a line '!${path}' at the end of ${ignoreFile}.` };
}

/** The deepest directory that exists holds the name that was misspelt. */
function explainName(request: CopyRequest, path: string, tree: FilesByPath): Explanation {
  const missing = firstMissing(path, tree);
  const parent = tree.resolve(parentOf(missing)) ?? '';
  const near = nearest(missing.slice(missing.lastIndexOf('/') + 1), tree.names(parent));
  if (near !== undefined) return { fix: `Did you mean '${imagePath(parent, near, path.slice(missing.length))}'?` };
  const root = request.from.kind === 'context' ? 'the context folder' : 'the root';
  return { fix: `Name a file of ${placeOf(request)}; its paths begin at ${root}.` };
}

/** The first step on the way to a path where nothing is; the path itself where all of it is there. */
function firstMissing(path: string, tree: FilesByPath): string {
  return ancestorsOf(path).find((step) => !exists(step, tree)) ?? path;
}

function exists(path: string, tree: FilesByPath): boolean {
  const real = tree.resolve(path);
  return real !== undefined && tree.get(real) !== undefined;
}

function placeOf({ from }: CopyRequest): string {
  return from.kind === 'context' ? 'the build context' : `'${from.name}'`;
}
