import { UsageError } from '../errors/slipway-error.js';
import { cleanPath, trimSpace } from './ignore-file.js';
import { translateGlob } from './glob-expression.js';
import { isValidGlob } from './glob-syntax.js';

/** One pattern of a `.dockerignore` file. */
export interface IgnorePattern {
  /** True for a pattern that began with `!`: what it matches is kept. */
  readonly exception: boolean;
  /** Whether the pattern matches this very path, relative to the context and with `/`; its parents are the caller's business. */
  matches(path: string): boolean;
  /** False only where the pattern cannot match any path below the directory that does not already stem from a match of a parent. */
  mayMatchBelow(directory: string): boolean;
}

/**
 * Compiles one pattern; undefined for an empty one.
 * @throws UsageError DOCKERIGNORE_PATTERN_INVALID where Docker refuses the pattern too
 */
export function compileIgnorePattern(text: string): IgnorePattern | undefined {
  const trimmed = trimSpace(text);
  if (trimmed === '') return undefined;
  const cleaned = cleanPath(trimmed);
  const exception = cleaned.startsWith('!');
  const glob = exception ? cleaned.slice(1) : cleaned;
  if (glob === '' || !isValidGlob(glob)) throw invalid(text);
  return { exception, matches: matcher(glob, text), mayMatchBelow: reach(glob, text) };
}

function matcher(glob: string, text: string): (path: string) => boolean {
  const translated = translateGlob(glob);
  switch (translated.kind) {
    case 'exact':
      return (path) => path === glob;
    case 'prefix': {
      const prefix = glob.slice(0, -2);
      return (path) => path.startsWith(prefix);
    }
    case 'suffix': {
      const suffix = glob.slice(2);
      return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
    }
    case 'expression': {
      const expression = compile(translated.expression, text);
      return (path) => expression.test(path);
    }
  }
}

/** Compares segment by segment as far as a segment of the pattern stands for exactly one of the path. */
function reach(glob: string, text: string): (directory: string) => boolean {
  // Docker lets these characters through to its regular expressions, where they may match across slashes.
  if (/[[\]\\|{}^]/.test(glob)) return () => true;
  const segments = glob.split('/').map((segment) => (segment.includes('**') ? undefined : matcher(segment, text)));
  return (directory) => {
    const names = directory.split('/');
    for (const [index, name] of names.entries()) {
      if (index >= segments.length) return false;
      const matchesSegment = segments[index];
      if (matchesSegment === undefined) return true;
      if (!matchesSegment(name)) return false;
    }
    return segments.length > names.length;
  };
}

function compile(expression: string, text: string): RegExp {
  try {
    return new RegExp(expression, 'u');
  } catch (error) {
    throw invalid(text, error);
  }
}

function invalid(pattern: string, cause?: unknown): UsageError {
  return new UsageError({
    code: 'DOCKERIGNORE_PATTERN_INVALID',
    message: `The ignore file has a pattern that is not valid: '${pattern}'.`,
    reason:
      'Brackets must be closed and hold something, and a backslash must stand before the character that it escapes.',
    fix: `Mend or remove the line '${pattern}' in the ignore file.`,
    cause,
  });
}
