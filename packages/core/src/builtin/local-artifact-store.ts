import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { inject } from 'inversify';
import type { ArtifactStore } from '../contracts/artifact-store.js';
import { checkFolder } from '../contracts/check-folder.js';
import { resolveFolder } from '../contracts/resolve-folder.js';
import type { DoctorCheck } from '../contracts/doctor.js';
import { ComponentConfiguration, ComponentInfo } from '../contracts/stack-component.js';
import { UsageError } from '../errors/slipway-error.js';
import { ConfigDirectory } from '../store/config-directory.js';
import type { LocalArtifactStoreConfiguration } from './local-artifact-store-flavor.js';

export class LocalArtifactStore implements ArtifactStore {
  readonly isLocal = true;
  readonly uri: string;
  readonly #root: string;

  constructor(
    @inject(ComponentInfo) readonly info: ComponentInfo,
    @inject(ComponentConfiguration) configuration: LocalArtifactStoreConfiguration,
    @inject(ConfigDirectory) configDirectory: ConfigDirectory,
  ) {
    this.#root = resolveFolder(configuration.path ?? join(configDirectory, 'artifacts'));
    this.uri = pathToFileURL(this.#root).href;
  }

  async *doctor(): AsyncGenerator<DoctorCheck, void, undefined> {
    yield await checkFolder('artifact-store', this.#root, 'The folder of artifacts');
  }

  async put(key: string, content: AsyncIterable<Uint8Array>, options?: { signal?: AbortSignal }): Promise<string> {
    const path = this.#path(key);
    const partial = `${path}.${randomUUID()}.partial`;
    // The configuration folder itself may be made here.
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // Opened before the stream, which may otherwise create it after an abort has removed it.
    const file = await open(partial, 'wx', 0o600);
    try {
      await pipeline(content, file.createWriteStream(), { signal: options?.signal });
      await rename(partial, path);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    return pathToFileURL(path).href;
  }

  async delete(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  #path(key: string): string {
    const path = resolve(this.#root, key);
    if (path.startsWith(this.#root + sep)) return path;
    throw new UsageError({ code: 'INVALID_KEY', message: `'${key}' is not a key within the artifact store.` });
  }
}
