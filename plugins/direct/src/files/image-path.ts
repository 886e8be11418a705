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

/** Whether a path is the other one, or below it. */
export function isWithin(path: string, directory: string): boolean {
  return path.startsWith(directory) && (path.length === directory.length || path[directory.length] === '/');
}

/** The directories above a path, the outermost first, without the root. */
export function ancestorsOf(path: string): string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

/** Compares texts by their UTF-8 bytes, which for characters beyond U+FFFF is not the order of JavaScript strings. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = a.charCodeAt(index) - b.charCodeAt(index);
    if (difference === 0) continue;
    const beyond = Number(isSurrogate(a, index)) - Number(isSurrogate(b, index));
    return beyond === 0 ? difference : beyond;
  }
  return a.length - b.length;
}

function isSurrogate(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xf800) === 0xd800;
}

/** In the order of the bytes of their paths. There may be very many, and mostly they are in it already. */
export function sortByPath<T extends { readonly path: string }>(items: readonly T[]): readonly T[] {
  let before: T | undefined;
  for (const item of items) {
    if (before !== undefined && compareBytes(before.path, item.path) > 0) {
      return [...items].sort((a, b) => compareBytes(a.path, b.path));
    }
    before = item;
  }
  return items;
}
