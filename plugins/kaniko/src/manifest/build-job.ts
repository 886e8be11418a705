import type { V1Job, V1PodSpec, V1ResourceRequirements, V1Volume } from '@kubernetes/client-node';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { executorContainer } from './build-names.js';
import { type SecretEntry, secretUses } from './build-secret.js';
import { namedDockerConfig } from './docker-config.js';
import { platformSelector, platformTolerations } from './platform-scheduling.js';
import { proxyEnvironment } from './proxy-environment.js';
import { strategicMerge } from './strategic-merge.js';

/** How long the cluster keeps a finished Job whose client died before it could delete it, in seconds. */
export const keptAfterEndSeconds = 600;

export interface BuildJobInput {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly args: readonly string[];
  /** Whether the context comes through the container's standard input. */
  readonly stdin: boolean;
  /** What is in the build's Secret, which has the Job's name. */
  readonly secretEntries: readonly SecretEntry[];
  /** `os/architecture[/variant]` that is asked for. */
  readonly platform: string | undefined;
}

/** The Job of a build: one pod, no second try, and an end even if nobody watches. */
export function buildJob(input: BuildJobInput, configuration: KanikoConfiguration): V1Job {
  const { name } = input;
  // Those of ours cannot be set by the user, so their order does not matter.
  const labels = { ...configuration.labels, ...input.labels };
  const job: V1Job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels, annotations: { ...configuration.annotations, ...input.annotations } },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: configuration.build_timeout,
      ttlSecondsAfterFinished: keptAfterEndSeconds,
      template: {
        metadata: {
          // A mesh's sidecar would keep the network from the executor at first, and the pod from ending at last.
          labels: { 'sidecar.istio.io/inject': 'false', ...labels },
          annotations: {
            'sidecar.istio.io/inject': 'false',
            'linkerd.io/inject': 'disabled',
            ...configuration.annotations,
          },
        },
        spec: podSpec(input, configuration),
      },
    },
  };
  return configuration.job_template === undefined ? job : strategicMerge(job, configuration.job_template);
}

function podSpec(input: BuildJobInput, configuration: KanikoConfiguration): V1PodSpec {
  const serviceAccount = configuration.service_account_name;
  const secret = secretUses(input.name, input.secretEntries);
  const docker = namedDockerConfig(configuration);
  // A selector of the user wins, as where the cluster emulates, or nothing has to be run.
  const nodeSelector = { ...platformSelector(input.platform), ...configuration.node_selector };
  const tolerations = [...platformTolerations(nodeSelector), ...configuration.tolerations];
  return {
    restartPolicy: 'Never',
    // The executor ends at once when it is asked to.
    terminationGracePeriodSeconds: 5,
    // Whatever a RUN does, it does as root beside the token: only a build that was given an account gets one.
    automountServiceAccountToken: serviceAccount !== undefined,
    enableServiceLinks: false,
    ...given({
      serviceAccountName: serviceAccount,
      nodeSelector,
      tolerations,
      affinity: configuration.affinity,
      imagePullSecrets: configuration.image_pull_secrets,
      priorityClassName: configuration.priority_class_name,
      runtimeClassName: configuration.runtime_class_name,
      securityContext: configuration.pod_security_context,
    }),
    containers: [
      {
        name: executorContainer,
        image: configuration.executor_image,
        args: [...input.args],
        stdin: input.stdin,
        stdinOnce: input.stdin,
        // Of two variables of one name the later counts, so that the user's do.
        env: [...proxyEnvironment(configuration).env, ...secret.env, ...configuration.env],
        envFrom: configuration.env_from,
        volumeMounts: [...secret.mounts, ...docker.mounts, ...configuration.volume_mounts],
        terminationMessagePolicy: 'FallbackToLogsOnError',
        ...given({
          // The API takes quantities as numbers too, which its types do not say.
          resources: configuration.resources as V1ResourceRequirements | undefined,
          securityContext: configuration.container_security_context,
        }),
      },
    ],
    // Of the rarer kinds of volume our schema knows less than the API server's types do.
    volumes: [...secret.volumes, ...docker.volumes, ...(configuration.volumes as V1Volume[])],
  };
}

/** The fields that say something. The manifest is shown to people, who should find in it what was asked for. */
function given<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const told = Object.entries(fields as Record<string, unknown>).filter(
    ([, value]) => value !== undefined && (typeof value !== 'object' || Object.keys(value ?? {}).length > 0),
  );
  return Object.fromEntries(told) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}
