import type { ContainerRegistry } from '@slipway/core';
import { type ImageReference, qualifyTags, RegistryClient, registryLogin } from '@slipway/oci';
import type { HomeRegistry } from './base-images.js';
import type { Destination, ImageTarget } from './image-target.js';

/** The registry of the stack. */
export class RegistryTarget implements ImageTarget {
  readonly title: string;
  readonly tags: readonly string[];

  private constructor(
    private readonly references: readonly ImageReference[],
    readonly home: HomeRegistry,
  ) {
    this.tags = references.map((reference) => reference.toString());
    this.title = `Pushing to ${home.host}`;
  }

  /**
   * @param signal ends a credential helper that does not answer
   * @throws UsageError those of `qualifyTags`, and of `registryLogin`
   */
  static async of(registry: ContainerRegistry, tags: readonly string[], signal?: AbortSignal): Promise<RegistryTarget> {
    const references = qualifyTags(registry, tags);
    const [reference] = references;
    const host = reference?.registry ?? '';
    const credentials = reference === undefined ? undefined : await registryLogin(registry, reference, { signal });
    const client = new RegistryClient({ host, transport: registry.transport, credentials });
    return new RegistryTarget(references, { host, client });
  }

  open(): Promise<readonly Destination[]> {
    const repositories = [...new Set(this.references.map(({ repository }) => repository))];
    const tagsOf = (name: string): string[] =>
      this.references.flatMap(({ repository, tag }) => (repository === name ? (tag ?? []) : []));
    return Promise.resolve(
      repositories.map((repository) => ({
        content: this.home.client.repository(repository),
        tags: tagsOf(repository),
        repository,
      })),
    );
  }

  reference(tag: string, digest: string): string {
    return `${tag}@${digest}`;
  }

  close(): void {
    this.home.client.close();
  }
}
