import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildDetails } from '../contracts/remote-builds.js';
import { makeFolder } from '../store/make-folder.js';

const keptBuilds = 200;
// A tenth more may lie there for a while: finding the oldest takes as long as a small build.
const slack = 1.1;
const suffix = '.json';

/**
 * The builds that this machine began or followed to their end, the last 200. Each is a file of its own that is moved into place, so that
 * any number of processes may write without waiting for each other.
 */
export class BuildHistory {
  readonly #folder: string;

  constructor(
    configDirectory: string,
    private readonly limit = keptBuilds,
  ) {
    this.#folder = join(configDirectory, 'builds');
  }

  /** Keeps a build; an earlier one of the same id is replaced, and the oldest far beyond the limit go. */
  async keep(build: BuildDetails): Promise<void> {
    await makeFolder(this.#folder);
    const path = join(this.#folder, `${build.buildId}${suffix}`);
    const own = `${path}.${randomUUID()}`;
    try {
      await writeFile(own, `${JSON.stringify(build)}\n`, { mode: 0o600 });
      await rename(own, path);
    } catch (error) {
      await rm(own, { force: true });
      throw error;
    }
    if ((await this.#names()).length <= this.limit * slack) return;
    const old = (await this.#paths()).slice(this.limit);
    await Promise.all(old.map((file) => rm(file, { force: true })));
  }

  /** All that are kept, the last written first. */
  async list(): Promise<readonly BuildDetails[]> {
    const builds = await Promise.all((await this.#paths()).slice(0, this.limit).map(read));
    return builds.filter((build) => build !== undefined);
  }

  async find(buildId: string): Promise<BuildDetails | undefined> {
    // An id from a command line must not become a path elsewhere.
    return (await this.list()).find((build) => build.buildId === buildId);
  }

  /** Forgets all. @returns how many there were */
  async clear(): Promise<number> {
    const paths = await this.#paths();
    await Promise.all(paths.map((path) => rm(path, { force: true })));
    return paths.length;
  }

  async #names(): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name.endsWith(suffix));
  }

  async #paths(): Promise<readonly string[]> {
    const paths = (await this.#names()).map((name) => join(this.#folder, name));
    const times = await Promise.all(paths.map(async (path) => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0));
    return paths
      .map((path, index) => ({ path, time: times[index] ?? 0 }))
      .sort((one, other) => other.time - one.time)
      .map(({ path }) => path);
  }
}

/** A file that is gone again, or broken, is no build. */
async function read(path: string): Promise<BuildDetails | undefined> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<BuildDetails> | null;
    const isBuild = typeof value?.buildId === 'string' && typeof value.state === 'string' && Array.isArray(value.tags);
    return isBuild ? { ...blank, ...(value as BuildDetails) } : undefined;
  } catch {
    return undefined;
  }
}

const blank = { imageBuilder: '', user: '', detached: false, createdAt: '', images: [], timings: [], resources: [] };
