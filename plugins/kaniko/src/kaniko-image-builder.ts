import {
  ArtifactStore,
  type BuildControl,
  type BuildPlan,
  type BuildRequest,
  type BuildResult,
  ComponentConfiguration,
  ComponentInfo,
  ContainerRegistry,
  type ImageBuilder,
  openBuildContext,
  type Stack,
  type StackProblem,
  UsageError,
} from '@slipway/core';
import { qualifyTags } from '@slipway/oci';
import { inject, optional } from 'inversify';
import type { KanikoConfiguration } from './configuration/kaniko-configuration.js';
import { contextKey } from './build/upload-context.js';
import { KanikoBuild } from './build/kaniko-build.js';
import { buildManifests, stdinContext, withoutValues } from './manifest/build-manifests.js';
import { buildId } from './manifest/build-names.js';
import { stackProblems } from './stack-problems.js';

export class KanikoImageBuilder implements ImageBuilder {
  constructor(
    @inject(ComponentInfo) readonly info: ComponentInfo,
    @inject(ComponentConfiguration) private readonly configuration: KanikoConfiguration,
    @inject(ContainerRegistry) @optional() private readonly registry?: ContainerRegistry,
    @inject(ArtifactStore) @optional() private readonly artifactStore?: ArtifactStore,
  ) {}

  async plan(request: BuildRequest): Promise<BuildPlan> {
    const registry = this.#registry();
    const id = buildId(request.buildId);
    const tags = qualifyTags(registry, request.tags);
    const { dockerfile } = await openBuildContext(request.contextDirectory, { dockerfile: request.dockerfile });
    const store = this.#contextStore();
    const context = store === undefined ? stdinContext : `${store.uri}/${contextKey(id)}`;
    const manifests = buildManifests({
      id,
      info: this.info,
      configuration: this.configuration,
      registry,
      credentials: await registry.credentials(),
      executor: { context, dockerfile, tags, request },
    });
    const resources = [manifests.job, ...(manifests.secret === undefined ? [] : [withoutValues(manifests.secret)])];
    return { buildId: id, tags: tags.map((tag) => tag.toString()), resources };
  }

  async build(request: BuildRequest, control: BuildControl = {}): Promise<BuildResult> {
    const { info, configuration } = this;
    const input = { info, configuration, registry: this.#registry(), artifactStore: this.#contextStore() };
    return new KanikoBuild(input, request, control).run();
  }

  validate(stack: Stack): readonly StackProblem[] {
    return stackProblems(stack, this.info, this.configuration);
  }

  #registry(): ContainerRegistry {
    if (this.registry !== undefined) return this.registry;
    // A stack is validated before its components are used, so only a program that skips that comes here.
    throw new UsageError({ code: 'STACK_INVALID', message: 'The kaniko image builder needs a container registry.' });
  }

  #contextStore(): ArtifactStore | undefined {
    return this.configuration.store_context_in_artifact_store ? this.artifactStore : undefined;
  }
}
