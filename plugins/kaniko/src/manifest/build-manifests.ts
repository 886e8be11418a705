import type { V1Job, V1Secret } from '@kubernetes/client-node';
import type { ComponentInfo, ContainerRegistry, RegistryCredentials } from '@slipway/core';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { buildJob } from './build-job.js';
import { buildLabels } from './build-labels.js';
import { jobName } from './build-names.js';
import { executorArguments, type ExecutorInput } from './executor-arguments.js';
import { registryFiles, registrySecret } from './registry-secret.js';

export interface BuildManifestsInput {
  readonly id: string;
  readonly info: ComponentInfo;
  readonly configuration: KanikoConfiguration;
  readonly registry: ContainerRegistry;
  readonly credentials: RegistryCredentials | undefined;
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
  const { id, info, configuration, registry, executor } = input;
  const labels = buildLabels(id, info.name);
  const files = registryFiles(registry, input.credentials, configuration);
  const job = buildJob(
    {
      name: jobName(id),
      labels,
      annotations: { 'slipway.dev/tags': executor.tags.map((tag) => tag.toString()).join(' ') },
      args: executorArguments(executor, registry, configuration),
      stdin: executor.context === stdinContext,
      registryFiles: files,
    },
    configuration,
  );
  return { job, secret: Object.keys(files).length === 0 ? undefined : registrySecret(jobName(id), labels, files) };
}

/** The Secret for showing: its keys, and none of its values. */
export function withoutValues(secret: V1Secret): V1Secret {
  const keys = Object.keys(secret.stringData ?? {});
  return { ...secret, stringData: Object.fromEntries(keys.map((key) => [key, '********'])) };
}

/** The Secret with the Job as its owner: it goes when the Job goes. */
export function ownedBy(job: V1Job, secret: V1Secret): V1Secret {
  const { name = '', uid = '' } = job.metadata ?? {};
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name, uid }];
  return { ...secret, metadata: { ...secret.metadata, ownerReferences } };
}
