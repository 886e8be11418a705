import type { ContainerRegistry } from '@slipway/core';
import type { ImageReference } from '@slipway/oci';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';

export interface ExecutorInput {
  /** Where the executor gets the context: `tar://stdin`, or an address in an artifact store. */
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly tags: readonly ImageReference[];
}

/** The executor's command line: what the builder owns, how to reach the registry, and last what the user adds. */
export function executorArguments(
  input: ExecutorInput,
  registry: ContainerRegistry,
  configuration: KanikoConfiguration,
): string[] {
  const host = input.tags[0]?.registry ?? '';
  return [
    `--context=${input.context}`,
    `--dockerfile=${input.dockerfile}`,
    ...input.tags.map((tag) => `--destination=${tag.toString()}`),
    // The one way out of the container that needs no log: Kubernetes keeps the file's content in the pod's status.
    '--image-name-with-digest-file=/dev/termination-log',
    // For this registry alone, pulling and pushing; the flags without a registry would hold for every base image too.
    ...(registry.transport.insecure ? [`--insecure-registry=${host}`] : []),
    ...(registry.transport.skipTlsVerify ? [`--skip-tls-verify-registry=${host}`] : []),
    ...configuration.executor_args,
  ];
}
