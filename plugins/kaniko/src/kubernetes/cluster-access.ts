import { SlipwayError, suggestion } from '@slipway/core';
import { type KubeconfigCluster, type KubeconfigUser, readKubeconfig } from './kubeconfig-file.js';

/** One context of the kubeconfig: a cluster, who we are there, and the namespace. */
export interface ClusterAccess {
  readonly context: string;
  readonly namespace: string;
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
}

/**
 * @throws SlipwayError `UNKNOWN_KUBERNETES_CONTEXT` with the nearest name, `KUBECONFIG_INVALID`, `KUBECONFIG_NOT_FOUND`
 */
export async function clusterAccess(
  context: string,
  namespace: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ClusterAccess> {
  const kubeconfig = await readKubeconfig(environment);
  const entry = kubeconfig.contexts.get(context);
  const place = kubeconfig.paths.join(', ');
  if (entry === undefined) {
    throw new SlipwayError({
      code: 'UNKNOWN_KUBERNETES_CONTEXT',
      message: `The kubeconfig has no context '${context}'.`,
      reason: `${place} was read. ${suggestion(context, [...kubeconfig.contexts.keys()]) ?? 'It has no contexts.'}`,
      fix: 'kubectl config get-contexts, then slipway image-builder update NAME --kubernetes_context=…',
    });
  }
  const cluster = kubeconfig.clusters.get(entry.cluster);
  const user = entry.user ? kubeconfig.users.get(entry.user) : {};
  if (cluster === undefined || user === undefined) {
    throw new SlipwayError({
      code: 'KUBECONFIG_INVALID',
      message: `The context '${context}' names the ${cluster === undefined ? `cluster '${entry.cluster}'` : `user '${entry.user ?? ''}'`}, which the kubeconfig does not have.`,
      reason: `${place} was read.`,
      fix: 'kubectl config view',
    });
  }
  return { context, namespace: namespace ?? (entry.namespace || 'default'), cluster, user };
}
