import type { V1Job, V1Secret } from '@kubernetes/client-node';
import type { ComponentInfo, ContainerRegistry } from '@slipway/core';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { onlyPlatform } from '../platforms/requested-platforms.js';
import type { RegistryAccess } from '../registries/registry-access.js';
import { buildJob } from './build-job.js';
import { buildLabels, tagsAnnotation } from './build-labels.js';
import { jobName } from './build-names.js';
import { buildSecret } from './build-secret.js';
import { executorArguments, type ExecutorInput } from './executor-arguments.js';
import { executorSecrets } from './executor-secrets.js';
import { proxyEnvironment } from './proxy-environment.js';
import { registryEntries } from './registry-entries.js';

export interface BuildManifestsInput {
  readonly id: string;
  readonly info: ComponentInfo;
  readonly configuration: KanikoConfiguration;
  readonly registry: ContainerRegistry;
  readonly access: RegistryAccess;
  readonly executor: ExecutorInput;
}

/** Everything that a build creates in the cluster. */
export interface BuildManifests {
  readonly job: V1Job;
  /** Belongs to the Job; made after it, since only then its owner has a uid. */
  readonly secret: V1Secret | undefined;
}

/** The context comes through the container's standard input. */
export const stdinContext = 'tar://stdin';

export function buildManifests(input: BuildManifestsInput): BuildManifests {
  const { id, info, configuration, registry, access, executor } = input;
  const labels = buildLabels(id, info.name);
  const secretEntries = [
    ...registryEntries(access),
    ...proxyEnvironment(configuration).entries,
    ...executorSecrets(executor.request.secrets).entries,
  ];
  const job = buildJob(
    {
      name: jobName(id),
      labels,
      annotations: { [tagsAnnotation]: executor.tags.map((tag) => tag.toString()).join(' ') },
      args: executorArguments(executor, registry, configuration),
      stdin: executor.context === stdinContext,
      secretEntries,
      platform: onlyPlatform(executor.request),
    },
    configuration,
  );
  return { job, secret: secretEntries.length === 0 ? undefined : buildSecret(jobName(id), labels, secretEntries) };
}

/** The Secret with the Job as its owner: it goes when the Job goes. */
export function ownedBy(job: V1Job, secret: V1Secret): V1Secret {
  const { name = '', uid = '' } = job.metadata ?? {};
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name, uid }];
  return { ...secret, metadata: { ...secret.metadata, ownerReferences } };
}
