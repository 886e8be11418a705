import { type BuildRequest, type ContainerRegistry, UsageError } from '@slipway/core';
import type { ImageReference } from '@slipway/oci';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';

export interface ExecutorInput {
  /** Where the executor gets the context: `tar://stdin`, or an address in an artifact store. */
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly tags: readonly ImageReference[];
  /** What of the request becomes a flag of its own. */
  readonly request: Pick<BuildRequest, 'buildArgs' | 'labels' | 'target' | 'platforms'>;
}

/** The executor's command line: what the builder owns, how to reach the registry, and last what the user adds. */
export function executorArguments(
  input: ExecutorInput,
  registry: ContainerRegistry,
  configuration: KanikoConfiguration,
): string[] {
  const host = input.tags[0]?.registry ?? '';
  const { buildArgs = {}, labels = {}, target } = input.request;
  const platform = onlyPlatform(input.request);
  return [
    `--context=${input.context}`,
    `--dockerfile=${input.dockerfile}`,
    ...input.tags.map((tag) => `--destination=${tag.toString()}`),
    // The one way out of the container that needs no log: Kubernetes keeps the file's content in the pod's status.
    '--image-name-with-digest-file=/dev/termination-log',
    // For this registry alone, pulling and pushing; the flags without a registry would hold for every base image too.
    ...(registry.transport.insecure ? [`--insecure-registry=${host}`] : []),
    ...(registry.transport.skipTlsVerify ? [`--skip-tls-verify-registry=${host}`] : []),
    ...Object.entries(buildArgs).map(([name, value]) => `--build-arg=${name}=${value}`),
    ...Object.entries(labels).map(([name, value]) => `--label=${name}=${value}`),
    ...(target === undefined ? [] : [`--target=${target}`]),
    ...(platform === undefined ? [] : [`--custom-platform=${platform}`]),
    ...configuration.executor_args,
  ];
}

/**
 * The platform that is asked for, if one is.
 * @throws UsageError `INVALID_PLATFORM`, `SEVERAL_PLATFORMS_UNSUPPORTED`
 */
export function onlyPlatform({ platforms = [] }: Pick<BuildRequest, 'platforms'>): string | undefined {
  const wrong = platforms.find((platform) => !/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9.]+)?$/.test(platform));
  if (wrong !== undefined) {
    throw new UsageError({
      code: 'INVALID_PLATFORM',
      message: `'${wrong}' is not a platform.`,
      fix: 'Write OS/ARCHITECTURE, such as linux/amd64 or linux/arm64.',
    });
  }
  if (platforms.length <= 1) return platforms[0];
  throw new UsageError({
    code: 'SEVERAL_PLATFORMS_UNSUPPORTED',
    message: 'The kaniko image builder builds for one platform at a time.',
    reason: 'The executor makes no index of several images.',
    fix: `Build each by itself: --platform=${platforms[0]}`,
  });
}
