import type { BuildRequest, ContainerRegistry } from '@slipway/core';
import { type ImageReference, qualifyTags } from '@slipway/oci';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { flagOf } from '../configuration/owned-flags.js';
import { onlyPlatform } from '../platforms/requested-platforms.js';
import { executorSecrets } from './executor-secrets.js';

export interface ExecutorInput {
  /** Where the executor gets the context: `tar://stdin`, or an address in an artifact store. */
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly tags: readonly ImageReference[];
  /** What of the request becomes a flag of its own. */
  readonly request: Omit<BuildRequest, 'contextDirectory' | 'dockerfile' | 'tags' | 'buildId'>;
}

/** The executor's command line: what the builder owns, how to reach the registry, and last what the user adds. */
export function executorArguments(
  input: ExecutorInput,
  registry: ContainerRegistry,
  configuration: KanikoConfiguration,
): string[] {
  const host = input.tags[0]?.registry ?? '';
  const { buildArgs, labels, annotations, target, secrets } = input.request;
  const { cache_repo: cacheRepo } = configuration;
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
    ...configuration.registry_mirrors.map((mirror) => `--registry-mirror=${mirror}`),
    ...flag('cache', input.request.cache ?? configuration.cache),
    ...flag('cache-repo', cacheRepo === undefined ? undefined : cacheRepository(registry, cacheRepo)),
    ...flag('cache-ttl', configuration.cache_ttl),
    ...flag('compressed-caching', configuration.compressed_caching),
    ...flag('snapshot-mode', configuration.snapshot_mode),
    ...named('build-arg', buildArgs),
    ...named('label', labels),
    ...named('annotation', annotations),
    ...flag('target', target),
    ...flag('custom-platform', platform),
    ...executorSecrets(secrets).args,
    ...withoutReplaced(configuration.executor_args, input.request),
  ];
}

/** The repository that keeps layers: relative to the stack's registry, unless it names a host itself. */
export function cacheRepository(registry: ContainerRegistry, written: string): string {
  const [first = '', ...rest] = written.split('/');
  const isWhole = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isWhole ? written : (qualifyTags(registry, [written])[0]?.name ?? written);
}

/** What was said about this one build counts more than what is said about all of them, though that comes last. */
function withoutReplaced(args: readonly string[], request: ExecutorInput['request']): readonly string[] {
  const { cache, target, platforms = [] } = request;
  const replaced = new Set([
    ...(cache === undefined ? [] : ['cache']),
    ...(target === undefined ? [] : ['target']),
    ...(platforms.length === 0 ? [] : ['custom-platform']),
  ]);
  return args.filter((argument, index) => {
    const before = args[index - 1];
    // A flag takes the next word for its value, unless it is a switch as `--cache` is.
    const isValue =
      before !== undefined && !before.includes('=') && flagOf(before) !== 'cache' && flagOf(argument) === undefined;
    const name = flagOf(isValue ? before : argument);
    return name === undefined || !replaced.has(name);
  });
}

function flag(name: string, value: string | boolean | undefined): readonly string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}

function named(name: string, values: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.entries(values).map(([key, value]) => `--${name}=${key}=${value}`);
}
