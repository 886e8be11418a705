import type { V1Job } from '@kubernetes/client-node';
import type { BuildEvent } from '@slipway/core';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import type { JobApi } from './job-api.js';
import { jobEnd } from './job-end.js';
import { PodMonitor } from './pod-monitor.js';

/** Who a Job is. */
export interface JobIdentity {
  readonly name: string;
  readonly uid: string;
}

export function identityOf({ metadata }: V1Job): JobIdentity {
  return { name: metadata?.name ?? '', uid: metadata?.uid ?? '' };
}

export interface MonitorJobInput {
  readonly connection: KubernetesConnection;
  readonly api: JobApi;
  readonly job: JobIdentity;
  readonly buildId: string;
  readonly deadlineSeconds: number;
  readonly report: (event: BuildEvent) => void;
}

/** Watches the pod of a Job, and tells what it waits for. */
export function monitorJob({ connection, api, job, buildId, deadlineSeconds, report }: MonitorJobInput): PodMonitor {
  return new PodMonitor(connection, {
    buildId,
    job,
    jobEnd: (signal) => jobEnd(api, job, { signal, deadlineSeconds }),
    onWaiting: ({ reason, message }) => report({ type: 'waiting', stage: 'start', reason, message }),
    onWarning: (error) =>
      report({
        type: 'warning',
        message: 'What the pod waits for cannot be told in full.',
        reason: error instanceof Error ? error.message : undefined,
      }),
  });
}
