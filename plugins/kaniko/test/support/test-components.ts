import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type ArtifactStore,
  ComponentConfiguration,
  ComponentInfo,
  type ContainerRegistry,
  type RegistryCredentials,
} from '@slipway/core';
import { inject } from 'inversify';
import type { TestRegistryConfiguration, TestStoreConfiguration } from './test-plugin.js';

export class TestRegistry implements ContainerRegistry {
  readonly isLocal = false;
  readonly transport = { insecure: true, skipTlsVerify: false };
  readonly uri: string;

  constructor(
    @inject(ComponentInfo) readonly info: ComponentInfo,
    @inject(ComponentConfiguration) private readonly configuration: TestRegistryConfiguration,
  ) {
    this.uri = configuration.uri;
  }

  credentials(): Promise<RegistryCredentials | undefined> {
    const { username, password } = this.configuration;
    return Promise.resolve(username === undefined || password === undefined ? undefined : { username, password });
  }
}

export class TestStore implements ArtifactStore {
  readonly isLocal = false;
  readonly uri = 'test://bucket';

  constructor(
    @inject(ComponentInfo) readonly info: ComponentInfo,
    @inject(ComponentConfiguration) private readonly configuration: TestStoreConfiguration,
  ) {}

  async put(key: string, content: AsyncIterable<Uint8Array>): Promise<string> {
    const path = join(this.configuration.folder, key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return `${this.uri}/${key}`;
  }

  async delete(key: string): Promise<void> {
    await rm(join(this.configuration.folder, key));
  }
}
