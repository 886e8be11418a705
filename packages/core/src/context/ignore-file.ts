import { posix } from 'node:path';

// What Go's unicode.IsSpace takes for white space; String.prototype.trim differs in U+0085 and U+FEFF.
const space = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const outerSpace = new RegExp(`^${space}+|${space}+$`, 'g');

/**
 * The patterns of a `.dockerignore` file, in order, read as Docker reads them: comments and empty lines dropped, white space and a byte
 * order mark removed, paths cleaned (`./a//b/` is `a/b`) and taken as relative to the context (`/a` is `a`), also behind a `!`.
 */
export function readIgnoreFile(text: string): string[] {
  const patterns: string[] = [];
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    // Only a `#` in the first column begins a comment: `  #a` is a pattern.
    if (line.startsWith('#')) continue;
    const trimmed = trimSpace(line);
    if (trimmed === '') continue;
    const exception = trimmed.startsWith('!');
    const path = exception ? trimSpace(trimmed.slice(1)) : trimmed;
    patterns.push((exception ? '!' : '') + relativePath(path));
  }
  return patterns;
}

/** A path as short as it can be written, without trailing slash; the empty path is `.`. */
export function cleanPath(path: string): string {
  const normalized = posix.normalize(path);
  return normalized.length > 1 && normalized.endsWith('/') ? normalized.slice(0, -1) : normalized;
}

export function trimSpace(text: string): string {
  return text.replace(outerSpace, '');
}

function relativePath(path: string): string {
  if (path === '') return '';
  const cleaned = cleanPath(path);
  return cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned;
}
