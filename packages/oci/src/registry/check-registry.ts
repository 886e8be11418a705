import { type ContainerRegistry, type DoctorCheck, type DoctorOptions, failedCheck } from '@slipway/core';

import { registryLogin } from '../credentials/registry-login.js';
import { qualifyTags } from '../reference/qualify-tags.js';
import type { RegistryLogin } from '../credentials/docker-config-file.js';
import { RegistryClient } from './registry-client.js';

/** A repository that nobody has, for registries without a default one: the right to push is asked of a repository. */
const unlikelyRepository = 'slipway-doctor';

/**
 * For `diagnose`, as the look of a stack's registry: whether it answers and lets in who asks (`container-registry`), and whether one may push
 * there (`container-registry-push`), for which an upload is begun and cancelled. Nothing is written.
 */
export async function* checkRegistry(
  registry: ContainerRegistry,
  { signal }: DoctorOptions = {},
): AsyncGenerator<DoctorCheck, void, undefined> {
  let id = 'container-registry';
  let client: RegistryClient | undefined;
  try {
    const tags = registry.defaultRepository === undefined ? [unlikelyRepository] : [];
    const [reference] = qualifyTags(registry, tags);
    if (reference === undefined) throw new Error('A registry has no repository.');
    const credentials = await registryLogin(registry, reference, { signal });
    const who = nameOf(credentials);
    client = new RegistryClient({ host: reference.registry, transport: registry.transport, credentials });
    await client.ping({ signal });
    yield { id, outcome: 'ok', message: `The registry ${reference.registry} answers.` };
    id = 'container-registry-push';
    const repository = client.repository(reference.repository);
    if (await repository.checkPush({ signal })) {
      yield { id, outcome: 'ok', message: `${reference.name} can be pushed to ${who}.` };
    } else {
      yield {
        id,
        outcome: 'warning',
        message: `The registry does not know the repository ${reference.name}.`,
        reason:
          'Most registries make a repository when it is first pushed to; this one may want it to be there before.',
        fix: 'Create the repository at the registry before the first build.',
      };
    }
  } catch (error) {
    signal?.throwIfAborted();
    yield failedCheck(id, error);
  } finally {
    client?.close();
  }
}

function nameOf(login: RegistryLogin | undefined): string {
  if (login === undefined) return 'without credentials';
  return 'token' in login ? 'with a token' : `as ${login.username}`;
}
