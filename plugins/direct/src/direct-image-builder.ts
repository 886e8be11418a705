import { join } from 'node:path';
import {
  type BuildControl,
  type BuildPlan,
  type BuildRequest,
  type BuildResult,
  ComponentConfiguration,
  ComponentInfo,
  ConfigDirectory,
  ContainerRegistry,
  checkFolder,
  type DoctorCheck,
  failedCheck,
  type ImageBuilder,
  resolveFolder,
  SlipwayError,
} from '@slipway/core';
import { OciLayout } from '@slipway/oci';
import { inject, optional } from 'inversify';
import { type BuildPlaces, DirectBuild } from './build/direct-build.js';
import type { DirectConfiguration } from './direct-flavor.js';

export class DirectImageBuilder implements ImageBuilder {
  constructor(
    @inject(ComponentInfo) readonly info: ComponentInfo,
    @inject(ComponentConfiguration) private readonly configuration: DirectConfiguration,
    @inject(ConfigDirectory) private readonly configDirectory: ConfigDirectory,
    @inject(ContainerRegistry) @optional() private readonly registry?: ContainerRegistry,
  ) {}

  async plan(request: BuildRequest): Promise<BuildPlan> {
    return this.#build(request).plan();
  }

  async build(request: BuildRequest, control: BuildControl = {}): Promise<BuildResult> {
    return this.#build(request, control).run();
  }

  readonly uses = ['container_registry'] as const;

  /** Where images go to without a registry, and where what speeds up the next build is kept. */
  async *doctor(): AsyncGenerator<DoctorCheck, void, undefined> {
    const { registry, layoutFolder, cacheFolder } = this.#places;
    if (registry === undefined) yield await checkLayout(layoutFolder);
    yield await checkFolder('cache', cacheFolder, 'The cache of the direct image builder');
  }

  #build(request: BuildRequest, control: BuildControl = {}): DirectBuild {
    return new DirectBuild(this.#places, request, control);
  }

  get #places(): BuildPlaces {
    const { layout, cache_directory, cache_size_gb } = this.configuration;
    return {
      registry: this.registry,
      layoutFolder: resolveFolder(layout ?? join(this.configDirectory, 'images')),
      cacheFolder: resolveFolder(cache_directory ?? join(this.configDirectory, 'cache')),
      cacheSize: cache_size_gb * 1e9,
    };
  }
}

async function checkLayout(folder: string): Promise<DoctorCheck> {
  const id = 'layout';
  try {
    await OciLayout.open(folder);
  } catch (error) {
    if (!SlipwayError.is(error) || error.code !== 'LAYOUT_NOT_FOUND') return failedCheck(id, error);
  }
  const check = await checkFolder(id, folder, 'The OCI layout');
  return check.outcome === 'ok' ? check : { ...check, code: 'LAYOUT_UNWRITABLE' };
}
