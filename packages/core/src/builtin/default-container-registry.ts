import { inject } from 'inversify';
import type { ContainerRegistry, RegistryCredentials, RegistryTransport } from '../contracts/container-registry.js';
import { ComponentConfiguration, ComponentInfo } from '../contracts/stack-component.js';
import type { DefaultContainerRegistryConfiguration } from './default-container-registry-flavor.js';
import { isLocalHost } from './local-host.js';

export class DefaultContainerRegistry implements ContainerRegistry {
  readonly uri: string;
  readonly defaultRepository: string | undefined;
  readonly isLocal: boolean;
  readonly transport: RegistryTransport;

  constructor(
    @inject(ComponentInfo) readonly info: ComponentInfo,
    @inject(ComponentConfiguration) private readonly configuration: DefaultContainerRegistryConfiguration,
  ) {
    this.uri = configuration.uri;
    this.defaultRepository = configuration.default_repository;
    this.isLocal = isLocalHost(configuration.uri.split('/', 1)[0] ?? '');
    this.transport = {
      insecure: configuration.insecure,
      skipTlsVerify: configuration.skip_tls_verify,
      caBundle: configuration.ca_bundle,
    };
  }

  credentials(): Promise<RegistryCredentials | undefined> {
    const { username, password } = this.configuration;
    return Promise.resolve(username === undefined || password === undefined ? undefined : { username, password });
  }
}
