import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EquivalenceCase } from './equivalence/equivalence-case.js';

/** Whether buildah can be used here: it is installed, and there are the rights to keep files of any owner. */
export function hasBuildah(): boolean {
  if (process.geteuid?.() !== 0) return false;
  try {
    execFileSync('buildah', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** buildah with a store of its own. */
export class Buildah {
  /** @param folder where it keeps its images */
  constructor(private readonly folder: string) {}

  /** Builds and pushes to a registry of plain HTTP, in Docker's format, which has all fields of a configuration. */
  async build(context: string, reference: string, { target, buildArgs = {} }: EquivalenceCase): Promise<void> {
    const values = Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`);
    const stage = target === undefined ? [] : [`--target=${target}`];
    const options = ['--isolation=chroot', '--format=docker', '--tls-verify=false', '--platform=linux/amd64'];
    await this.#run('bud', ...options, ...values, ...stage, `--tag=${reference}`, context);
    await this.#run('push', '--tls-verify=false', reference, `docker://${reference}`);
  }

  async #run(...args: readonly string[]): Promise<void> {
    const store = [
      '--storage-driver=vfs',
      `--root=${join(this.folder, 'root')}`,
      `--runroot=${join(this.folder, 'run')}`,
    ];
    await promisify(execFile)('buildah', [...store, ...args]);
  }
}
