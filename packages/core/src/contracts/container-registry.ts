import type { StackComponent } from './stack-component.js';

export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/** How to reach a registry. */
export interface RegistryTransport {
  /** Plain HTTP instead of HTTPS. */
  readonly insecure: boolean;
  /** HTTPS without checking the certificate. */
  readonly skipTlsVerify: boolean;
  /** PEM text of the authorities to trust beside the system's. */
  readonly caBundle?: string | undefined;
}

/** A place for images. Injected under the symbol of the same name. */
export interface ContainerRegistry extends StackComponent {
  /** `host[:port][/path]`, without scheme and trailing slash. */
  readonly uri: string;
  /** The repository used where a build names none; relative to `uri`. */
  readonly defaultRepository?: string | undefined;
  /** True where the registry is on this machine, so that nothing in a cluster can reach it. */
  readonly isLocal: boolean;
  readonly transport: RegistryTransport;
  /** Undefined where the registry is used without credentials of its own. */
  credentials(): Promise<RegistryCredentials | undefined>;
}
export const ContainerRegistry = Symbol.for('@slipway/core/ContainerRegistry');
