import { join, resolve } from 'node:path';
import {
  type BuildControl,
  type BuildPlan,
  type BuildRequest,
  type BuildResult,
  ComponentConfiguration,
  ComponentInfo,
  ConfigDirectory,
  ContainerRegistry,
  type ImageBuilder,
} from '@slipway/core';
import { inject, optional } from 'inversify';
import { DirectBuild } from './build/direct-build.js';
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

  #build(request: BuildRequest, control: BuildControl = {}): DirectBuild {
    const { layout, cache_directory, cache_size_gb } = this.configuration;
    const places = {
      registry: this.registry,
      layoutFolder: resolve(layout ?? join(this.configDirectory, 'images')),
      cacheFolder: resolve(cache_directory ?? join(this.configDirectory, 'cache')),
      cacheSize: cache_size_gb * 1e9,
    };
    return new DirectBuild(places, request, control);
  }
}
