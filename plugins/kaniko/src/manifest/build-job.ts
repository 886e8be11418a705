import type { V1Job, V1Volume } from '@kubernetes/client-node';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { executorContainer } from './build-names.js';
import { registryMounts } from './registry-secret.js';

/** How long the cluster keeps a finished Job whose client died before it could delete it, in seconds. */
export const keptAfterEndSeconds = 600;

export interface BuildJobInput {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
  readonly args: readonly string[];
  /** Whether the context comes through the container's standard input. */
  readonly stdin: boolean;
  /** Keys of the registry's Secret, which has the Job's name. */
  readonly registryFiles: Readonly<Record<string, string>>;
}

/** The Job of a build: one pod, no second try, and an end even if nobody watches. */
export function buildJob(input: BuildJobInput, configuration: KanikoConfiguration): V1Job {
  const { name, labels } = input;
  const registry = registryMounts(name, input.registryFiles);
  const serviceAccount = configuration.service_account_name;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels, annotations: input.annotations },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: configuration.build_timeout,
      ttlSecondsAfterFinished: keptAfterEndSeconds,
      template: {
        metadata: {
          // A mesh's sidecar would keep the network from the executor at first, and the pod from ending at last.
          labels: { ...labels, 'sidecar.istio.io/inject': 'false' },
          annotations: { 'sidecar.istio.io/inject': 'false', 'linkerd.io/inject': 'disabled' },
        },
        spec: {
          restartPolicy: 'Never',
          // The executor ends at once when it is asked to.
          terminationGracePeriodSeconds: 5,
          // Whatever a RUN does, it does as root beside the token: only a build that was given an account gets one.
          automountServiceAccountToken: serviceAccount !== undefined,
          enableServiceLinks: false,
          ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
          containers: [
            {
              name: executorContainer,
              image: configuration.executor_image,
              args: [...input.args],
              stdin: input.stdin,
              stdinOnce: input.stdin,
              env: configuration.env,
              envFrom: configuration.env_from,
              volumeMounts: [...registry.mounts, ...configuration.volume_mounts],
              terminationMessagePolicy: 'FallbackToLogsOnError',
            },
          ],
          // Of the rarer kinds of volume our schema knows less than the API server's types do.
          volumes: [...registry.volumes, ...(configuration.volumes as V1Volume[])],
        },
      },
    },
  };
}
