import type { ContainerRegistry } from '@slipway/core';
import type { ImageReference } from '../reference/image-reference.js';
import type { RegistryLogin } from './docker-config-file.js';
import { DockerCredentials } from './docker-credentials.js';

/**
 * What lets into the registry of a stack: its own credentials, else those of who is logged in there on this machine.
 *
 * @param reference an image of that registry
 * @throws SlipwayError those of `DockerCredentials`, and what the registry's credentials throw
 */
export async function registryLogin(
  registry: ContainerRegistry,
  reference: ImageReference,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<RegistryLogin | undefined> {
  return (
    (await registry.credentials()) ?? (await (await DockerCredentials.load(process.env)).loginFor(reference, options))
  );
}
