import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..', '..');

/**
 * Packs packages of this repository as they would be published, and unpacks them into a folder's node_modules, with nothing of what
 * they depend on beside them.
 * @param packages their folders, e.g. `packages/cli`
 */
export async function installPacked(folder: string, packages: readonly string[]): Promise<void> {
  const packed = join(folder, 'packed');
  await mkdir(packed);
  const line = ['pack', '--ignore-scripts', '--pack-destination', packed, ...packages.map((path) => `./${path}`)];
  await run('npm', line, { cwd: root });
  for (const name of await readdir(packed)) {
    const target = join(folder, 'node_modules', '@slipway', name.replace(/^slipway-(.*)-\d+\.\d+\.\d+\.tgz$/, '$1'));
    await mkdir(target, { recursive: true });
    await run('tar', ['-xzf', join(packed, name), '--strip-components=1', '-C', target]);
  }
  await rm(packed, { recursive: true });
}

/** Links packages that npm has installed for this repository into a folder's node_modules. */
export async function linkPackages(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const target = join(folder, 'node_modules', name);
    await mkdir(dirname(target), { recursive: true });
    await symlink(join(root, 'node_modules', name), target);
  }
}
