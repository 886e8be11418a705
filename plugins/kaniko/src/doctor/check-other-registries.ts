import { type ContainerRegistry, type DoctorCheck, failedCheck, type RegistryTransport } from '@slipway/core';
import { DockerCredentials, ImageReference, RegistryClient, type RegistryLogin, registryLogin } from '@slipway/oci';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { cacheRepository } from '../manifest/executor-arguments.js';

const https: RegistryTransport = { insecure: false, skipTlsVerify: false };

/**
 * Looks at the registries of a build beside that of the stack that are known without a Dockerfile: whether the mirrors answer
 * (`registry-mirror`), and whether layers can be kept in the cache's repository (`cache-repository`). That they are looked at from here,
 * and the executor asks them from the cluster, is why none of it is a failure.
 */
export async function* checkOtherRegistries(
  registry: ContainerRegistry,
  { registry_mirrors: mirrors, cache_repo: cache }: KanikoConfiguration,
  signal: AbortSignal,
): AsyncGenerator<DoctorCheck, void> {
  for (const mirror of mirrors) {
    // A mirror is a registry, perhaps with a path before the repositories.
    const image = ImageReference.parse(`${mirror}/image`);
    yield await look('registry-mirror', signal, async () => {
      const client = new RegistryClient({
        ...{ host: image.registry, transport: https },
        credentials: await loginFor(image, signal),
      });
      try {
        await client.ping({ signal });
        return `The mirror ${mirror} answers.`;
      } finally {
        client.close();
      }
    });
  }
  if (cache === undefined) return;
  const name = cacheRepository(registry, cache);
  yield await look('cache-repository', signal, async () => {
    const image = ImageReference.parse(name);
    const isOurs = image.registry === ImageReference.parse(`${registry.uri}/image`).registry;
    const login = isOurs ? await registryLogin(registry, image, { signal }) : await loginFor(image, signal);
    const transport = isOurs ? registry.transport : https;
    const client = new RegistryClient({ host: image.registry, transport, credentials: login });
    try {
      if (await client.repository(image.repository).checkPush({ signal })) return `Layers can be kept in ${name}.`;
    } finally {
      client.close();
    }
    return {
      id: 'cache-repository',
      outcome: 'warning',
      message: `The registry does not know the repository ${name}.`,
    };
  });
}

async function look(id: string, signal: AbortSignal, find: () => Promise<string | DoctorCheck>): Promise<DoctorCheck> {
  try {
    const found = await find();
    return typeof found === 'string' ? { id, outcome: 'ok', message: found } : found;
  } catch (error) {
    signal.throwIfAborted();
    return { ...failedCheck(id, error), outcome: 'warning' };
  }
}

async function loginFor(image: ImageReference, signal: AbortSignal): Promise<RegistryLogin | undefined> {
  return (await DockerCredentials.load(process.env)).loginFor(image, { signal });
}
