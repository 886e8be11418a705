import { z } from 'zod';
import { environmentSource, environmentVariable, volume, volumeMount } from './kubernetes-schemas.js';
import { ownedFlag, ownedFlags } from './owned-flags.js';

/** The executor that is used unless another is given: the maintained successor of the archived project. */
const defaultExecutorImage = 'ghcr.io/osscontainertools/kaniko:v1.28.3';

const dnsLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const dnsSubdomain = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

// Timers of Node end at once where they are given more than 24 days.
const seconds = z.int().positive().max(2_000_000);

const executorArguments = z.array(z.string().min(1)).superRefine((args, context) => {
  for (const argument of args) {
    const flag = ownedFlag(argument);
    if (flag !== undefined) context.addIssue(`--${flag} belongs to the builder: ${ownedFlags[flag]}`);
  }
});

/** Fields under ZenML's names; the Kubernetes-shaped ones are Kubernetes' own shapes. */
export const kanikoConfiguration = z
  .strictObject({
    kubernetes_context: z
      .string()
      .min(1)
      .meta({ description: 'The context of the kubeconfig to build in.', example: 'prod-cluster' }),
    kubernetes_namespace: z
      .string()
      .regex(dnsLabel, 'must be a name of a Kubernetes namespace')
      .optional()
      .meta({ description: "The namespace to build in; by default the context's, else `default`.", example: 'builds' }),
    executor_image: z
      .string()
      .regex(/^\S+$/, 'must be an image reference')
      .default(defaultExecutorImage)
      .meta({ description: 'The image of the Kaniko executor.' }),
    pod_running_timeout: seconds
      .default(300)
      .meta({ description: 'How long to wait for the pod to run, in seconds.', example: '600' }),
    build_timeout: seconds
      .default(3600)
      .meta({ description: 'How long a build may take in all, in seconds.', example: '7200' }),
    env: z.array(environmentVariable).default([]).meta({
      description: 'Environment of the executor: a list of EnvVar.',
      example: '[{"name": "AWS_REGION", "value": "eu-west-1"}]',
    }),
    env_from: z.array(environmentSource).default([]).meta({
      description: 'Environment of the executor from secrets and config maps: a list of EnvFromSource.',
      example: '[{"secretRef": {"name": "aws-credentials"}}]',
    }),
    volumes: z.array(volume).default([]).meta({
      description: 'Volumes of the pod: a list of Volume.',
      example: '[{"name": "docker-config", "configMap": {"name": "docker-config"}}]',
    }),
    volume_mounts: z.array(volumeMount).default([]).meta({
      description: 'Where volumes are mounted in the executor: a list of VolumeMount.',
      example: '[{"name": "docker-config", "mountPath": "/kaniko/.docker/"}]',
    }),
    service_account_name: z
      .string()
      .regex(dnsSubdomain, 'must be a name of a service account')
      .optional()
      .meta({ description: 'The service account of the pod; its token is mounted then.', example: 'image-builder' }),
    executor_args: executorArguments
      .default([])
      .meta({ description: "More flags for the executor, after the builder's own.", example: '["--cache=true"]' }),
    store_context_in_artifact_store: z.boolean().default(false).meta({
      description: "Hand the build context over through the stack's artifact store instead of the Kubernetes API.",
    }),
  })
  .superRefine(({ volumes, volume_mounts }, context) => {
    const known = new Set(volumes.map(({ name }) => name));
    volume_mounts.forEach(({ name }, index) => {
      if (known.has(name)) return;
      context.addIssue({
        code: 'custom',
        path: ['volume_mounts', index, 'name'],
        message: `names the volume '${name}', which is not in volumes`,
      });
    });
  });

export type KanikoConfiguration = z.output<typeof kanikoConfiguration>;
