import { posix } from 'node:path';
import { IgnoreMatcher } from '@slipway/core';
import type { CopyRequest } from './copy-request.js';
import type { FileNode } from './file-node.js';
import type { FilesByPath } from './files-by-path.js';
import { copyError } from './files-error.js';
import { compileGoGlob, hasGlob, unescapeGlob } from './go-glob.js';
import { imagePath, parentOf } from './image-path.js';
import { sourceNotFound } from './source-not-found.js';

/** One thing that a source stands for. */
export interface SelectedSource {
  /** The name it has in a destination directory: that of the source, also where that is a symlink to something of another name. */
  readonly name: string;
  /** What it is, symlinks followed; its path is of no meaning. */
  readonly node: FileNode;
  /** Of a directory: where it is, symlinks followed. */
  readonly directory: string;
  /** Of a directory: what is in it. */
  readonly below: readonly FileNode[];
}

/** The path of something below a selected directory, relative to that. */
export function pathWithin(directory: string, { path }: FileNode): string {
  return directory === '' ? path : path.slice(directory.length + 1);
}

/**
 * What the sources of an instruction stand for, in their order. A symlink given as source is followed, within the tree; those inside a
 * directory stay what they are. A pattern may match nothing as long as another source is there (`COPY package.json yarn.lock* ./`).
 * @throws UsageError COPY_SOURCE_NOT_FOUND, COPY_SOURCE_OUTSIDE_CONTEXT, COPY_PATTERN_INVALID, DOCKERIGNORE_PATTERN_INVALID
 */
export function selectSources(request: CopyRequest, tree: FilesByPath): SelectedSource[] {
  const patterns = request.exclude ?? [];
  const excludes = patterns.length === 0 ? undefined : matcherOf(request, patterns);
  const selected = request.sources.flatMap((source) => {
    refuseOutside(request, source);
    if (request.parents === true) return selectWithParents(request, source, tree, excludes);
    const pattern = imagePath(source);
    if (!hasGlob(pattern)) return [selectOne(request, source, unescapeGlob(pattern), tree, excludes)];
    const matches = matchPattern(request, source, pattern, tree);
    return matches.map((path) => selectOne(request, source, path, tree, excludes));
  });
  const first = request.sources[0];
  if (selected.length === 0 && first !== undefined && request.inlineFiles.length === 0) {
    throw sourceNotFound(request, first, tree);
  }
  return selected.filter(({ node, name }) => node.kind === 'directory' || excludes?.ignores(name) !== true);
}

function matcherOf(request: CopyRequest, patterns: readonly string[]): IgnoreMatcher {
  try {
    return new IgnoreMatcher(patterns);
  } catch (cause) {
    const fix = 'Write it as a line of .dockerignore.';
    throw copyError(request, 'COPY_PATTERN_INVALID', `has a pattern that is none: ${patterns.join(' ')}`, fix, {
      cause,
    });
  }
}

function selectOne(
  request: CopyRequest,
  source: string,
  path: string,
  tree: FilesByPath,
  excludes: IgnoreMatcher | undefined,
): SelectedSource {
  const real = tree.resolve(path);
  const node = real === undefined ? undefined : tree.get(real);
  if (real === undefined || node === undefined) throw sourceNotFound(request, source, tree);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (node.kind !== 'directory') return { name, node, directory: '', below: [] };
  const below = [...tree.below(real)];
  if (excludes === undefined) return { name, node, directory: real, below };
  const kept = below.filter((child) => !excludes.ignores(pathWithin(real, child)));
  return { name, node, directory: real, below: withDirectories(below, kept) };
}

/** With the directories that what is kept is in, as one that is left out itself stays where something in it does not. */
function withDirectories(nodes: readonly FileNode[], kept: readonly FileNode[]): FileNode[] {
  const needed = new Set(kept.map(({ path }) => path));
  for (const { path } of kept) {
    for (let parent = parentOf(path); parent !== '' && !needed.has(parent); parent = parentOf(parent))
      needed.add(parent);
  }
  return nodes.filter(({ path }) => needed.has(path));
}

/** The part before the first component with a wildcard is followed through symlinks; what a wildcard matches may be one itself. */
function matchPattern(request: CopyRequest, source: string, pattern: string, tree: FilesByPath): string[] {
  const components = pattern.split('/');
  const first = components.findIndex(hasGlob);
  const fixed = tree.resolve(unescapeGlob(components.slice(0, first).join('/'))) ?? '';
  const expressions = components.slice(first).map((component) => compileGoGlob(component));
  let matches = [fixed];
  for (const expression of expressions) {
    if (expression === undefined) {
      const fix = 'Close the bracket, or write a backslash before a character that is meant as it is.';
      throw copyError(request, 'COPY_PATTERN_INVALID', `cannot read the pattern '${source}'.`, fix);
    }
    matches = matches.flatMap((path) =>
      tree
        .names(path)
        .filter((name) => expression.test(name))
        .map((name) => imagePath(path, name)),
    );
  }
  return matches.sort();
}

/** `--parents`: from the context's root, or from where `/./` stands in the source, `**` allowed. */
function selectWithParents(
  request: CopyRequest,
  source: string,
  tree: FilesByPath,
  excludes: IgnoreMatcher | undefined,
): SelectedSource[] {
  const pivot = source.indexOf('/./');
  const root = pivot < 0 ? '' : imagePath(source.slice(0, pivot));
  const pattern = imagePath(pivot < 0 ? source : source.slice(pivot + 2));
  const roots = hasGlob(root) ? matchPattern(request, source, root, tree) : [unescapeGlob(root)];
  return roots.flatMap((path) => {
    const selected = selectOne(request, source, path, tree, excludes);
    const { directory, below } = selected;
    const includes = matcherOf(request, pattern === '' ? ['**'] : [pattern]);
    const wanted = withDirectories(
      below,
      below.filter((child) => includes.ignores(pathWithin(directory, child))),
    );
    if (wanted.length === 0 && !hasGlob(pattern)) throw sourceNotFound(request, source, tree);
    return wanted.length === 0 ? [] : [{ ...selected, below: wanted }];
  });
}

function refuseOutside(request: CopyRequest, source: string): void {
  if (/^(https?:|git@|git:|ssh:)/.test(source)) {
    const fix = `Download it before the build, and ${request.instruction === 'ADD' ? 'ADD' : 'COPY'} the file.`;
    const problem = `takes '${source}' from the network, which this builder does not do.`;
    throw copyError(request, 'ADD_ADDRESS_UNSUPPORTED', problem, fix);
  }
  const normal = posix.normalize(source);
  if (request.from.kind === 'context' && (normal === '..' || normal.startsWith('../'))) {
    const fix = 'Copy it into the context, or build with a context further up and name the Dockerfile with -f.';
    const problem = `takes '${source}', which lies outside the build context.`;
    throw copyError(request, 'COPY_SOURCE_OUTSIDE_CONTEXT', problem, fix);
  }
}
