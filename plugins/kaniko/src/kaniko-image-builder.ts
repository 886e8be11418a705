import {
  ArtifactStore,
  type BuildContext,
  type BuildControl,
  type BuildPlan,
  type BuildRequest,
  type BuildResult,
  type BuildWarning,
  ComponentConfiguration,
  ComponentInfo,
  type ComponentType,
  ContainerRegistry,
  type DoctorCheck,
  type DoctorOptions,
  type ImageBuilder,
  Logger,
  openBuildContext,
  type RemoteBuilds,
  type RbacOptions,
  type Stack,
  type StackProblem,
  UsageError,
} from '@slipway/core';
import { qualifyTags } from '@slipway/oci';
import { inject, optional } from 'inversify';
import type { KanikoConfiguration } from './configuration/kaniko-configuration.js';
import { contextKey } from './build/upload-context.js';
import { KanikoBuilds } from './build/kaniko-builds.js';
import { KanikoBuild } from './build/kaniko-build.js';
import type { KanikoBuildInput } from './build/kaniko-build-input.js';
import { prepareBuild } from './build/prepare-build.js';
import { buildManifests, stdinContext } from './manifest/build-manifests.js';
import { withoutValues } from './manifest/build-secret.js';
import { buildId } from './manifest/build-names.js';
import { markedJob, requestDigest } from './manifest/marked-job.js';
import { clusterAccess } from './kubernetes/cluster-access.js';
import { type PlatformPart, platformParts } from './platforms/platform-parts.js';
import { requestedPlatforms } from './platforms/requested-platforms.js';
import { stackProblems } from './stack-problems.js';

export class KanikoImageBuilder implements ImageBuilder {
  constructor(
    @inject(ComponentInfo) readonly info: ComponentInfo,
    @inject(ComponentConfiguration) private readonly configuration: KanikoConfiguration,
    @inject(Logger) private readonly logger: Logger,
    @inject(ContainerRegistry) @optional() private readonly registry?: ContainerRegistry,
    @inject(ArtifactStore) @optional() private readonly artifactStore?: ArtifactStore,
  ) {}

  async plan(request: BuildRequest): Promise<BuildPlan> {
    const registry = this.#registry();
    const id = buildId(request.buildId);
    const tags = qualifyTags(registry, request.tags);
    const several = requestedPlatforms(request).length > 1;
    const { contextDirectory, dockerfile } = request;
    const parts = several ? platformParts(id, request, tags) : [{ id, request }];
    const context = await openBuildContext(contextDirectory, { dockerfile });
    const resources: object[] = [];
    for (const part of parts) resources.push(...(await this.#resources(part, context, several ? id : undefined)));
    const contextFiles = context.entries.flatMap(({ kind, path, size }) =>
      kind === 'directory' ? [] : [{ path, size }],
    );
    return { buildId: id, tags: tags.map((tag) => tag.toString()), resources, contextFiles };
  }

  async build(request: BuildRequest, control: BuildControl = {}): Promise<BuildResult> {
    if (requestedPlatforms(request).length <= 1) return this.#newBuild(request, control).run();
    const { PlatformsBuild } = await import('./platforms/platforms-build.js');
    return new PlatformsBuild(this.#buildInput(), request, control).run();
  }

  get builds(): RemoteBuilds {
    const { info, configuration, registry } = this;
    return new KanikoBuilds({
      ...{ name: info.name, configuration, registry },
      start: async (request, control) => {
        if (requestedPlatforms(request).length > 1) throw detachedPlatforms(request);
        return this.#newBuild(request, control).detach();
      },
    });
  }

  get uses(): readonly ComponentType[] {
    return ['container_registry', ...(this.#contextStore() === undefined ? [] : (['artifact_store'] as const))];
  }

  async *doctor(options?: DoctorOptions): AsyncGenerator<DoctorCheck, void> {
    const { kanikoDoctor } = await import('./doctor/kaniko-doctor.js');
    const { info, configuration, registry } = this;
    yield* kanikoDoctor({ info, configuration, registry }, options);
  }

  async rbac({ subjects = [], forDoctor = false }: RbacOptions = {}): Promise<readonly object[]> {
    const { doctorPermissions, neededPermissions } = await import('./doctor/permissions.js');
    const { role } = await import('./doctor/role.js');
    const { configuration, registry } = this;
    const { namespace } = await clusterAccess(configuration);
    const permissions = [...neededPermissions({ configuration, registry }), ...(forDoctor ? doctorPermissions : [])];
    return role(`slipway-${this.info.name}`, namespace, permissions, subjects);
  }

  validate(stack: Stack): readonly StackProblem[] {
    return stackProblems(stack, this.info, this.configuration);
  }

  #newBuild(request: BuildRequest, control: BuildControl): KanikoBuild {
    return new KanikoBuild(this.#buildInput(), request, control);
  }

  #buildInput(): KanikoBuildInput {
    const { info, configuration } = this;
    return { info, configuration, registry: this.#registry(), artifactStore: this.#contextStore() };
  }

  /** What one Job's build would make. @param whole the id of the build for several platforms that it is a part of */
  async #resources(
    { id, request }: Pick<PlatformPart, 'id' | 'request'>,
    context: BuildContext,
    whole: string | undefined,
  ): Promise<readonly object[]> {
    const registry = this.#registry();
    const tags = qualifyTags(registry, request.tags);
    const { info, configuration } = this;
    const warn = ({ message, reason = '' }: BuildWarning): void => this.logger.warn(`${message} ${reason}`.trimEnd());
    const { access } = await prepareBuild({ request, context, registry, configuration, tags, warn });
    const store = this.#contextStore();
    const source = store === undefined ? stdinContext : `${store.uri}/${contextKey(id)}`;
    const executor = { context: source, dockerfile: context.dockerfile, tags, request };
    const { job, secret } = buildManifests({ id, info, configuration, registry, access, executor });
    const queued = configuration.max_parallel_builds !== undefined;
    const marks = { queued, request: await requestDigest(request, context, tags.map(String)), whole };
    return [markedJob(job, marks), ...(secret === undefined ? [] : [withoutValues(secret)])];
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

function detachedPlatforms(request: BuildRequest): UsageError {
  const [platform = ''] = requestedPlatforms(request);
  return new UsageError({
    code: 'SEVERAL_PLATFORMS_DETACHED',
    message: 'A build for several platforms cannot be left to itself.',
    reason: 'Its index is pushed from this machine, once the images of all platforms are there.',
    fix: `Build without --detach, or each platform by itself, with a tag of its own: --platform=${platform}`,
  });
}
