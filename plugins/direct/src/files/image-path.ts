import { posix } from 'node:path';

// An empty component, `.` or `..`.
const unusual = /(^|\/)\.{0,2}(\/|$)/;

/** A path of an image as `FileNode` has it: normal, and never above the root. */
export function imagePath(...segments: readonly string[]): string {
  // There are many paths, and hardly one of them is anything but normal.
  const joined = segments.filter((segment) => segment !== '').join('/');
  if (!unusual.test(joined)) return joined;
  return posix.join('/', ...segments).replace(/^\/+|\/+$/g, '');
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** The directories above a path, the outermost first, without the root. */
export function ancestorsOf(path: string): string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

/** In the order of the paths' UTF-8 bytes, which for characters beyond U+FFFF is not that of JavaScript strings. */
export function sortByPath<T extends { readonly path: string }>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Buffer.from(item.path).toString('latin1') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}
