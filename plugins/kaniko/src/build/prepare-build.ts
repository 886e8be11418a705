import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BuildContext,
  type BuildRequest,
  type BuildWarning,
  type ContainerRegistry,
  openBuildContext,
} from '@slipway/core';
import type { ImageReference } from '@slipway/oci';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { onlyPlatform } from '../platforms/requested-platforms.js';
import { type RegistryAccess, registryAccess } from '../registries/registry-access.js';

export interface PrepareBuildInput {
  readonly request: BuildRequest;
  /** Where it was opened before. */
  readonly context?: BuildContext | undefined;
  readonly registry: ContainerRegistry;
  readonly configuration: KanikoConfiguration;
  readonly tags: readonly ImageReference[];
  readonly warn: (warning: BuildWarning) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What a build takes from this machine. */
export interface PreparedBuild {
  readonly context: BuildContext;
  /** What lets it into registries. */
  readonly access: RegistryAccess;
}

export async function prepareBuild(input: PrepareBuildInput): Promise<PreparedBuild> {
  const { request, signal } = input;
  const { contextDirectory, dockerfile } = request;
  const context = input.context ?? (await openBuildContext(contextDirectory, { dockerfile, signal }));
  const access = await registryAccess({
    ...input,
    dockerfile: await readFile(join(context.directory, context.dockerfile), 'utf8'),
    buildArgs: request.buildArgs ?? {},
    target: request.target,
    platform: onlyPlatform(request),
  });
  return { context, access };
}
