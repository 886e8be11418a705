import { type BuildWarning, type ContainerRegistry, SlipwayError } from '@slipway/core';
import { DockerCredentials, hostAuthorities, ImageReference, type RegistryLogin, registryLogin } from '@slipway/oci';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { takesCredentialsAlong } from '../manifest/docker-config.js';
import { cacheRepository } from '../manifest/executor-arguments.js';
import { namedImages, type NamedImagesInput } from './named-images.js';

/** What lets somebody into the registries of a build. */
export interface RegistryAccess {
  /** What the executor gets; one for each registry. */
  readonly logins: readonly { readonly host: string; readonly login: RegistryLogin }[];
  /** PEM texts of authorities to trust beside those of the executor's image. */
  readonly authorities: readonly string[];
  /** What this machine has for the registry that is pushed to. */
  readonly credentials: RegistryLogin | undefined;
}

export interface RegistryAccessInput extends NamedImagesInput {
  readonly registry: ContainerRegistry;
  readonly tags: readonly ImageReference[];
  readonly configuration: KanikoConfiguration;
  readonly warn: (warning: BuildWarning) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Gathers what this machine has for the registries of a build: that of the stack, those of the images that the Dockerfile names, the
 * mirrors and the cache. What cannot be had for the first ends the build; the others may do without, which is warned of.
 * @throws SlipwayError those of `DockerCredentials`; UsageError `UNKNOWN_TARGET`
 */
export async function registryAccess(input: RegistryAccessInput): Promise<RegistryAccess> {
  const [target] = input.tags;
  const images = otherImages(input, target?.registry);
  const [own, others, authorities] = await Promise.all([
    ownLogin(input, target),
    takesCredentialsAlong(input.configuration) ? otherLogins(input, images) : [],
    authoritiesFor(input, images),
  ]);
  const isTaken = own !== undefined && takesCredentialsAlong(input.configuration);
  return {
    logins: [...(isTaken ? [{ host: target?.registry ?? '', login: own }] : []), ...others],
    authorities,
    credentials: own,
  };
}

/** One image of each registry but that which is pushed to. */
function otherImages(input: RegistryAccessInput, host: string | undefined): readonly ImageReference[] {
  const { registry, configuration } = input;
  const cache = configuration.cache_repo === undefined ? [] : [cacheRepository(registry, configuration.cache_repo)];
  const images = [
    ...namedImages(input),
    // A mirror is a registry, perhaps with a path before the repositories.
    ...[...configuration.registry_mirrors.map((mirror) => `${mirror}/image`), ...cache].map((name) =>
      ImageReference.parse(name),
    ),
  ];
  return [...new Map(images.map((image) => [image.registry, image])).values()].filter(
    (image) => image.registry !== host,
  );
}

async function ownLogin(
  { registry, configuration, signal }: RegistryAccessInput,
  target: ImageReference | undefined,
): Promise<RegistryLogin | undefined> {
  // Where the cluster has its own, those of this machine serve only to look at the result.
  if (target === undefined || !takesCredentialsAlong(configuration)) return registry.credentials();
  return registryLogin(registry, target, { signal });
}

async function otherLogins(
  { warn, signal }: RegistryAccessInput,
  images: readonly ImageReference[],
): Promise<RegistryAccess['logins']> {
  if (images.length === 0) return [];
  const docker = DockerCredentials.load(process.env);
  const found = await Promise.all(
    images.map(async (image) => {
      try {
        const login = await (await docker).loginFor(image, { signal });
        return login === undefined ? [] : [{ host: image.registry, login }];
      } catch (error) {
        signal?.throwIfAborted();
        if (!SlipwayError.is(error)) throw error;
        const reason = [error.message, error.reason].filter((text) => text !== undefined).join(' ');
        const message = `The executor gets no credentials for ${image.registry}.`;
        warn({ type: 'warning', message, reason, ...(error.fix === undefined ? {} : { fix: error.fix }) });
        return [];
      }
    }),
  );
  return found.flat();
}

async function authoritiesFor(
  { registry, tags }: RegistryAccessInput,
  images: readonly ImageReference[],
): Promise<readonly string[]> {
  const { caBundle } = registry.transport;
  const hosts = [...tags.slice(0, 1), ...images].map((image) => image.registry);
  const found = await Promise.all(hosts.map((host) => hostAuthorities(host, process.env)));
  return [...new Set([...(caBundle === undefined ? [] : [caBundle]), ...found.flat()])];
}
