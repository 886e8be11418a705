import type { V1Job } from '@kubernetes/client-node';
import type { ComponentInfo, ContainerRegistry } from '@slipway/core';
import { type ImageReference, qualifyTags } from '@slipway/oci';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { buildJob } from '../manifest/build-job.js';
import { buildLabels } from '../manifest/build-labels.js';
import { type BuildManifests, buildManifests, stdinContext } from '../manifest/build-manifests.js';
import { buildId, jobName } from '../manifest/build-names.js';
import { registryAccess } from '../registries/registry-access.js';

export interface SampleInput {
  readonly info: ComponentInfo;
  readonly configuration: KanikoConfiguration;
  readonly registry?: ContainerRegistry | undefined;
}

/** What a build would create, for looking at: of an image that has no base, under a name that nobody uses. */
export async function sampleManifests(input: SampleInput, signal?: AbortSignal): Promise<BuildManifests> {
  const { info, configuration, registry } = input;
  const id = buildId(undefined);
  if (registry === undefined) return { job: sampleJob(input), secret: undefined };
  const tags = sampleTags(registry);
  const access = await registryAccess({
    registry,
    configuration,
    tags,
    dockerfile: 'FROM scratch\n',
    buildArgs: {},
    target: undefined,
    platform: undefined,
    warn: () => undefined,
    signal,
  });
  const executor = { context: stdinContext, dockerfile: 'Dockerfile', tags, request: {} };
  return buildManifests({ id, info, configuration, registry, access, executor });
}

/** The same without a registry, and so without what lets into one. */
export function sampleJob({ info, configuration }: Omit<SampleInput, 'registry'>): V1Job {
  const id = buildId(undefined);
  const args = [...configuration.executor_args];
  const job = { name: jobName(id), labels: buildLabels(id, info.name), annotations: {}, args };
  return buildJob({ ...job, stdin: true, secretEntries: [], platform: undefined }, configuration);
}

/** An image of the registry: in its default repository, else in one that nobody has. */
export function sampleTags(registry: ContainerRegistry): readonly ImageReference[] {
  return qualifyTags(registry, registry.defaultRepository === undefined ? ['slipway-doctor'] : []);
}
