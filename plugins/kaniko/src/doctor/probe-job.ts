import type { V1Container, V1Job } from '@kubernetes/client-node';
import { executorContainer } from '../manifest/build-names.js';
import { type SampleInput, sampleTags } from './sample-job.js';

/** The container that prints the executor's version. */
export const versionContainer = 'version';

const folder = '/slipway-doctor';
const volume = 'slipway-doctor';
const annotation = 'slipway.dev/doctor-dockerfile';
const deadlineSeconds = 120;

/**
 * The Job of a build, made to look and not to build: it reads a Dockerfile of nothing from its own annotation, so that it needs neither
 * input nor a config map, asks the registry for leave to push, and pushes nothing. There is no shell in the executor's image to do more.
 */
export function probeJob(job: V1Job, { registry }: SampleInput): V1Job {
  const { metadata, spec } = job;
  const template = spec?.template;
  const pod = template?.spec;
  const executor = pod?.containers.find(({ name }) => name === executorContainer);
  if (spec === undefined || template === undefined || pod === undefined || executor === undefined) {
    throw new Error('A Job of a build has an executor.');
  }
  // Not a build, for whoever looks for builds.
  const labels = { 'app.kubernetes.io/component': 'doctor' };
  const probe: V1Container = {
    ...executor,
    args: probeArguments(executor.args ?? [], registry),
    stdin: false,
    stdinOnce: false,
    volumeMounts: [...(executor.volumeMounts ?? []), { name: volume, mountPath: folder, readOnly: true }],
  };
  const version: V1Container = {
    ...probe,
    name: versionContainer,
    args: ['version'],
    volumeMounts: [],
    env: [],
    envFrom: [],
  };
  const items = [{ path: 'Dockerfile', fieldRef: { fieldPath: `metadata.annotations['${annotation}']` } }];
  return {
    ...job,
    metadata: { ...metadata, labels: { ...metadata?.labels, ...labels } },
    spec: {
      ...spec,
      activeDeadlineSeconds: deadlineSeconds,
      template: {
        ...template,
        metadata: {
          ...template.metadata,
          labels: { ...template.metadata?.labels, ...labels },
          annotations: { ...template.metadata?.annotations, [annotation]: 'FROM scratch\nLABEL slipway=doctor\n' },
        },
        spec: {
          ...pod,
          containers: [...pod.containers.map((container) => (container === executor ? probe : container)), version],
          volumes: [...(pod.volumes ?? []), { name: volume, downwardAPI: { items } }],
        },
      },
    },
  };
}

/** Of the executor's arguments those that say how to reach registries; a cache's repository is asked for leave where nothing is pushed. */
function probeArguments(args: readonly string[], registry: SampleInput['registry']): string[] {
  const kept = args.filter((arg) =>
    /^--(insecure|skip-tls|registry-|skip-default-registry|credential-helpers|force)/.test(arg),
  );
  const [tag] = registry === undefined ? [] : sampleTags(registry);
  return [
    `--context=dir://${folder}`,
    `--dockerfile=${folder}/Dockerfile`,
    '--no-push',
    ...(tag === undefined ? [] : [`--cache-repo=${tag.name}`]),
    ...kept,
  ];
}
