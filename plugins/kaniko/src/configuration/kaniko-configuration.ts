import { z } from 'zod';
import { environmentSource, environmentVariable, volume, volumeMount } from './environment-and-volume-schemas.js';
import { jobTemplate, ownedVolumePrefix } from './job-template.js';
import { dnsLabelPattern, dnsSubdomainPattern, labelText, object, qualifiedName, text } from './kubernetes-object.js';
import { flagOf, flagsOfAttributes, ownedFlag } from './owned-flags.js';
import { ownedKey } from './owned-keys.js';
import { affinity, nodeSelector, resourceRequirements, toleration } from './scheduling-schemas.js';
import { containerSecurityContext, podSecurityContext } from './security-schemas.js';

/** The executor that is used unless another is given: the maintained successor of the archived project. */
export const defaultExecutorImage = 'ghcr.io/osscontainertools/kaniko:v1.28.3';

// Timers of Node end at once where they are given more than 24 days.
const seconds = z.int().positive().max(2_000_000);

const executorArguments = z.array(z.string().min(1)).superRefine((args, context) => {
  for (const argument of args) {
    const flag = flagOf(argument);
    const reason = flag === undefined ? undefined : ownedFlag(flag);
    if (reason !== undefined) context.addIssue(`--${flag} belongs to the builder: ${reason}`);
  }
});

/** Labels or annotations of ours decide what happens to a build, so that nobody else may set them. */
function noneOfOurs(keys: Readonly<Record<string, string>>, context: z.core.$RefinementCtx): void {
  for (const key of Object.keys(keys)) {
    const reason = ownedKey(key);
    if (reason === undefined) continue;
    context.addIssue({ code: 'custom', path: [key], message: `belongs to the builder: ${reason}` });
  }
}

const proxy = z
  .string()
  .refine((address) => /^(https?|socks5h?):\/\//.test(address) && URL.canParse(address), {
    error: 'must be an address such as http://proxy.example.com:3128',
  })
  .optional();

// The same as an image's name, without tag; a host is needed only where it is not the stack's registry.
const repositoryPath = /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** Fields under ZenML's names; the Kubernetes-shaped ones are Kubernetes' own shapes. */
export const kanikoConfiguration = z
  .strictObject({
    kubernetes_context: z.string().min(1).optional().meta({
      description: 'The context of the kubeconfig to build in; needed unless `incluster` is set.',
      example: 'prod-cluster',
    }),
    kubernetes_namespace: z
      .string()
      .regex(dnsLabelPattern, 'must be a name of a Kubernetes namespace')
      .optional()
      .meta({
        description: "The namespace to build in; by default the context's, else `default`.",
        example: 'builds',
      }),
    kubeconfig: z
      .string()
      .regex(/^(\/|~\/|[A-Za-z]:[\\/])/, 'must be an absolute path, or begin with ~/')
      .optional()
      .meta({
        description: 'The kubeconfig to read; by default those of `KUBECONFIG`, else `~/.kube/config`.',
        example: '~/.kube/builds.yaml',
      }),
    incluster: z.boolean().default(false).meta({
      description: 'Build in the cluster in whose pod slipway runs, as the service account of that pod.',
    }),
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
    upload_timeout: seconds
      .default(1800)
      .meta({ description: 'How long sending the build context may take, in seconds.', example: '3600' }),
    execution_timeout: seconds.optional().meta({
      description:
        'How long the executor may take once it has the context, in seconds; by default only build_timeout counts.',
      example: '1800',
    }),
    queue_timeout: seconds
      .default(3600)
      .meta({ description: 'How long a build waits for its turn under max_parallel_builds, in seconds.' }),
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
      .regex(dnsSubdomainPattern, 'must be a name of a service account')
      .optional()
      .meta({ description: 'The service account of the pod; its token is mounted then.', example: 'image-builder' }),
    executor_args: executorArguments.default([]).meta({
      description: "More flags for the executor, after the builder's own.",
      example: '["--use-new-run", "--push-retry=3"]',
    }),
    store_context_in_artifact_store: z.boolean().default(false).meta({
      description: "Hand the build context over through the stack's artifact store instead of the Kubernetes API.",
    }),
    registry_credentials: z
      .string()
      .regex(dnsSubdomainPattern, 'must be auto, none, or the name of a Secret')
      .default('auto')
      .meta({
        description:
          "How the executor is let into registries: `auto` takes what this machine has for them along, `none` leaves it to the cluster's identities, and a name means that Secret (type dockerconfigjson, or with a `config.json`).",
        example: 'registry-login',
      }),
    registry_mirrors: z
      .array(z.string().regex(repositoryPath, 'must look like HOST[:PORT][/PATH], without scheme'))
      .default([])
      .meta({
        description: 'Registries to ask for images of Docker Hub first, in that order.',
        example: '["mirror.example.com"]',
      }),
    cache: z.boolean().optional().meta({
      description: 'Use layers of earlier builds for RUN, and keep them for later ones, in `cache_repo`.',
      example: 'true',
    }),
    cache_repo: z
      .string()
      .regex(repositoryPath, 'must look like demo/cache or HOST[:PORT]/PATH, in lower case and without tag')
      .optional()
      .meta({
        description:
          "The repository that keeps the layers, relative to the stack's registry or whole; by default `cache` below the image's own.",
        example: 'demo/cache',
      }),
    cache_ttl: z
      .string()
      .regex(/^(\d+(\.\d+)?(h|m|s|ms))+$/, 'must be a duration such as 72h or 90m')
      .optional()
      .meta({ description: 'How old a kept layer may be; two weeks by default.', example: '72h' }),
    compressed_caching: z.boolean().optional().meta({
      description:
        'Hold compressed layers in memory. `false` needs far less of it for large images, and a little more time.',
      example: 'false',
    }),
    snapshot_mode: z.enum(['full', 'redo', 'time']).optional().meta({
      description:
        'How changes of files are noticed: `full` reads them, `redo` looks at times, sizes, modes and owners, which is faster for large images, `time` at times alone.',
      example: 'redo',
    }),
    resources: resourceRequirements.optional().meta({
      description: "The executor's requests and limits: ResourceRequirements.",
      example: '{"requests": {"cpu": "2", "memory": "4Gi"}, "limits": {"memory": "8Gi"}}',
    }),
    node_selector: nodeSelector.default({}).meta({
      description: 'Labels that the node of a build has to have.',
      example: '{"node-pool": "builds"}',
    }),
    nodes_on_demand: z.boolean().default(false).meta({
      description:
        'Whether the cluster makes nodes when pods need them: then a platform that no node has now is built for all the same.',
      example: 'true',
    }),
    tolerations: z.array(toleration).default([]).meta({
      description: 'Taints of nodes that builds tolerate: a list of Toleration.',
      example: '[{"key": "builds", "operator": "Exists", "effect": "NoSchedule"}]',
    }),
    affinity: affinity.optional().meta({
      description: 'Which nodes and neighbours a build prefers or needs: Affinity.',
      example:
        '{"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}]}}}',
    }),
    labels: z.record(qualifiedName, labelText).superRefine(noneOfOurs).default({}).meta({
      description: "Labels of the Job and its pod, beside the builder's own.",
      example: '{"team": "vision"}',
    }),
    annotations: z.record(qualifiedName, z.string()).superRefine(noneOfOurs).default({}).meta({
      description: "Annotations of the Job and its pod, beside the builder's own.",
      example: '{"example.com/cost-centre": "4711"}',
    }),
    image_pull_secrets: z
      .array(object({ name: text }))
      .default([])
      .meta({
        description: 'Secrets to pull the executor image with: a list of LocalObjectReference.',
        example: '[{"name": "registry-login"}]',
      }),
    priority_class_name: z
      .string()
      .regex(dnsSubdomainPattern, 'must be a name of a priority class')
      .optional()
      .meta({ description: 'The priority class of the pod.', example: 'builds' }),
    pod_security_context: podSecurityContext.optional().meta({
      description: "The pod's security: PodSecurityContext.",
      example: '{"seccompProfile": {"type": "RuntimeDefault"}}',
    }),
    container_security_context: containerSecurityContext.optional().meta({
      description: "The executor's security: SecurityContext. It has to be root in its container.",
      example:
        '{"capabilities": {"drop": ["ALL"], "add": ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETUID", "SETGID", "SETFCAP"]}}',
    }),
    runtime_class_name: z
      .string()
      .regex(dnsSubdomainPattern, 'must be a name of a runtime class')
      .optional()
      .meta({ description: 'The runtime class of the pod, such as one that isolates it further.', example: 'gvisor' }),
    http_proxy: proxy.meta({
      description: "The executor's proxy for plain HTTP.",
      example: 'http://proxy.example.com:3128',
      secret: true,
    }),
    https_proxy: proxy.meta({
      description: "The executor's proxy for HTTPS.",
      example: 'http://proxy.example.com:3128',
      secret: true,
    }),
    no_proxy: z.string().min(1).optional().meta({
      description: 'What the executor reaches without a proxy: hosts, domains and networks with commas.',
      example: '.cluster.local,10.0.0.0/8',
    }),
    max_parallel_builds: z.int().positive().optional().meta({
      description: 'How many builds of this image builder may run at once, on whichever machine they were started.',
      example: '4',
    }),
    keep_finished: z.int().min(0).max(2_000_000).default(3600).meta({
      description: 'How long the cluster keeps a finished build that nobody has attended to, in seconds.',
      example: '86400',
    }),
    job_template: jobTemplate.optional().meta({
      description:
        "What has no attribute: a part of a Job, merged into the builder's as a strategic merge patch would be; the executor's container is `kaniko`.",
      example: '{"spec": {"template": {"spec": {"hostUsers": false}}}}',
    }),
  })
  .superRefine((configuration, context) => {
    const { kubernetes_context, incluster, kubeconfig, volumes, volume_mounts, executor_args } = configuration;
    const refuse = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if (kubernetes_context === undefined && !incluster) {
      refuse(['kubernetes_context'], 'says where to build; only with incluster none is needed');
    }
    if (incluster && (kubernetes_context ?? kubeconfig) !== undefined) {
      const other = kubernetes_context === undefined ? 'kubeconfig' : 'kubernetes_context';
      refuse(['incluster'], `cannot be set beside ${other}, which names a cluster as well`);
    }
    const known = new Set(volumes.map(({ name }) => name));
    for (const [index, { name }] of volumes.entries()) {
      if (!name.startsWith(ownedVolumePrefix)) continue;
      refuse(
        ['volumes', index, 'name'],
        `belongs to the builder: names that begin with ${ownedVolumePrefix} are its own`,
      );
    }
    for (const [index, { name }] of volume_mounts.entries()) {
      if (known.has(name)) continue;
      refuse(['volume_mounts', index, 'name'], `names the volume '${name}', which is not in volumes`);
    }
    for (const flag of executor_args.map(flagOf)) {
      const attribute = flag === undefined ? undefined : flagsOfAttributes[flag];
      const value = attribute === undefined ? undefined : configuration[attribute as keyof typeof configuration];
      if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
      refuse(['executor_args'], `--${flag} is also set by the attribute ${attribute}: keep one of them`);
    }
  });

export type KanikoConfiguration = z.output<typeof kanikoConfiguration>;
