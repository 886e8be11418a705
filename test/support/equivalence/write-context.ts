import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ContextFile, EquivalenceCase } from './equivalence-case.js';
import { packMembers } from './pack-members.js';

/** Writes the context of a case, with permissions that do not depend on who runs the tests. */
export async function writeContext(
  folder: string,
  { dockerfile, files = {} }: EquivalenceCase,
  images: Readonly<Record<string, string>>,
): Promise<void> {
  const text = dockerfile.map((line) => line.replaceAll(/\{(\w+)\}/g, (all, name: string) => images[name] ?? all));
  for (const [path, file] of Object.entries({ ...files, Dockerfile: `${text.join('\n')}\n` })) {
    await makeFolder(folder, dirname(path));
    await writeOne(folder, path, file);
  }
}

async function writeOne(folder: string, path: string, file: ContextFile): Promise<void> {
  const full = join(folder, path);
  if (typeof file !== 'string' && 'symlink' in file) return symlink(file.symlink, full);
  if (typeof file !== 'string' && 'directory' in file) return makeFolder(folder, path);
  await writeFile(full, await contentOf(file));
  await chmod(full, typeof file !== 'string' && 'mode' in file ? file.mode : 0o644);
}

async function contentOf(
  file: Exclude<ContextFile, { symlink: string } | { directory: true }>,
): Promise<string | Buffer> {
  if (typeof file === 'string') return file;
  if ('content' in file) return file.content;
  const archive = await packMembers(file.archive);
  return file.compression === undefined ? archive : execFileSync(file.compression, ['-c'], { input: archive });
}

/** With each of the folders above it. */
async function makeFolder(root: string, path: string): Promise<void> {
  let folder = root;
  for (const segment of path === '.' ? [] : path.split('/')) {
    folder = join(folder, segment);
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
  }
}
