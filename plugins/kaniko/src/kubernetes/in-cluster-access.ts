import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { ClusterAccess } from './cluster-access.js';

/** Where the kubelet puts the token of a pod's service account. */
const serviceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The cluster in whose pod this process runs, as the service account of that pod.
 * @param namespace the pod's own unless given
 * @param directory holds the service account's `token`, `ca.crt` and `namespace`
 * @throws SlipwayError `NOT_IN_CLUSTER`
 */
export async function inClusterAccess(
  namespace: string | undefined,
  environment: NodeJS.ProcessEnv,
  directory = serviceAccountDirectory,
): Promise<ClusterAccess> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = environment;
  if (!host) throw notInCluster('KUBERNETES_SERVICE_HOST is not set, as it is in every pod.');
  const tokenFile = join(directory, 'token');
  const [own] = await Promise.all([
    readFile(join(directory, 'namespace'), 'utf8').catch(() => ''),
    // The token is read anew for each use, since it is renewed in place; here only that there is one.
    readFile(tokenFile).catch(() => {
      throw notInCluster(`There is no ${tokenFile}: the pod runs without the token of its service account.`);
    }),
  ]);
  return {
    context: 'in-cluster',
    namespace: namespace ?? (own.trim() || 'default'),
    cluster: {
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      'certificate-authority': join(directory, 'ca.crt'),
    },
    user: { tokenFile },
    kubectl: 'kubectl',
  };
}

function notInCluster(reason: string): SlipwayError {
  return new SlipwayError({
    code: 'NOT_IN_CLUSTER',
    message: 'The image builder has incluster set, but slipway does not run in a pod of a cluster.',
    reason,
    fix: 'Run it in a pod with a service account, or name a cluster: slipway image-builder update NAME --incluster=false --kubernetes_context=CONTEXT',
  });
}
