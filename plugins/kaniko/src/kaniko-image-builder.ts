import {
  ArtifactStore,
  type BuildControl,
  type BuildPlan,
  type BuildRequest,
  type BuildResult,
  type BuildWarning,
  ComponentConfiguration,
  ComponentInfo,
  ContainerRegistry,
  type DoctorCheck,
  type DoctorOptions,
  type ImageBuilder,
  Logger,
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
import { prepareBuild } from './build/prepare-build.js';
import { buildManifests, stdinContext } from './manifest/build-manifests.js';
import { withoutValues } from './manifest/build-secret.js';
import { buildId } from './manifest/build-names.js';
import { markedJob, requestDigest } from './manifest/marked-job.js';
import { clusterAccess } from './kubernetes/cluster-access.js';
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
    const { info, configuration } = this;
    const warn = ({ message, reason = '' }: BuildWarning): void => this.logger.warn(`${message} ${reason}`.trimEnd());
    const { context, access } = await prepareBuild({ request, registry, configuration, tags, warn });
    const { dockerfile, entries } = context;
    const store = this.#contextStore();
    const source = store === undefined ? stdinContext : `${store.uri}/${contextKey(id)}`;
    const executor = { context: source, dockerfile, tags, request };
    const { job, secret } = buildManifests({ id, info, configuration, registry, access, executor });
    const contextFiles = entries.flatMap(({ kind, path, size }) => (kind === 'directory' ? [] : [{ path, size }]));
    const queued = configuration.max_parallel_builds !== undefined;
    const marks = { queued, request: await requestDigest(request, context, tags.map(String)) };
    const resources = [markedJob(job, marks), ...(secret === undefined ? [] : [withoutValues(secret)])];
    return { buildId: id, tags: tags.map((tag) => tag.toString()), resources, contextFiles };
  }

  async build(request: BuildRequest, control: BuildControl = {}): Promise<BuildResult> {
    return this.#newBuild(request, control).run();
  }

  get builds(): RemoteBuilds {
    const { info, configuration, registry } = this;
    return new KanikoBuilds({
      ...{ name: info.name, configuration, registry },
      start: async (request, control) => this.#newBuild(request, control).detach(),
    });
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
    const { info, configuration } = this;
    const input = { info, configuration, registry: this.#registry(), artifactStore: this.#contextStore() };
    return new KanikoBuild(input, request, control);
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
