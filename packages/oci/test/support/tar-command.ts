import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that another tool wrote, kept beside the tests. */
export function fixture(name: string): string {
  return join(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', name);
}

export function unpack(archive: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xf', archive, '-C', folder]);
}

/** @param names what of the folder to pack, as the archive is to name it; all of it as `./…` unless given */
export function pack(archive: string, folder: string, names: readonly string[] = ['.']): void {
  execFileSync('tar', ['-cf', archive, '-C', folder, ...names]);
}

export function put(folder: string, name: string, content: string | Buffer): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}
