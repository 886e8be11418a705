import { nearest, shellWord, SlipwayError, suggestion } from '@slipway/core';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import { inClusterAccess } from './in-cluster-access.js';
import { type KubeconfigCluster, type KubeconfigUser, readKubeconfig } from './kubeconfig-file.js';

/** A cluster, who we are there, and the namespace. */
export interface ClusterAccess {
  /** The kubeconfig's context, or what to call the cluster in messages. */
  readonly context: string;
  readonly namespace: string;
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
  /** How kubectl is called to reach the same, for messages. */
  readonly kubectl: string;
}

/** The attributes that say which cluster is meant, and who we are there. */
export type ClusterChoice = Partial<
  Pick<KanikoConfiguration, 'kubernetes_context' | 'kubernetes_namespace' | 'kubeconfig' | 'incluster'>
>;

/**
 * @throws SlipwayError `UNKNOWN_KUBERNETES_CONTEXT` with the nearest name, `KUBECONFIG_INVALID`, `KUBECONFIG_NOT_FOUND`, `NOT_IN_CLUSTER`
 */
export async function clusterAccess(
  choice: ClusterChoice,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ClusterAccess> {
  const { kubernetes_namespace: namespace, incluster, kubeconfig: path } = choice;
  if (incluster === true) return inClusterAccess(namespace, environment);
  const context = choice.kubernetes_context ?? '';
  const kubeconfig = await readKubeconfig(environment, path);
  const entry = kubeconfig.contexts.get(context);
  const place = kubeconfig.paths.join(', ');
  if (entry === undefined) {
    const known = [...kubeconfig.contexts.keys()];
    // Of several that are unlike it none is suggested: in a cluster that nobody meant the command would work, too.
    const meant = nearest(context, known) ?? (known.length === 1 ? known[0] : undefined);
    throw new SlipwayError({
      code: 'UNKNOWN_KUBERNETES_CONTEXT',
      message: `The kubeconfig has no context '${context}'.`,
      reason: `${place} was read. ${suggestion(context, known) ?? 'It has no contexts.'}`,
      fix:
        known.length === 0
          ? 'kubectl config get-contexts'
          : `slipway image-builder update NAME --kubernetes_context=${meant === undefined ? 'CONTEXT' : shellWord(meant)}; what there is: kubectl config get-contexts`,
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
  const kubectl = `kubectl${path === undefined ? '' : ` --kubeconfig ${path}`} --context ${context}`;
  return { context, namespace: namespace ?? (entry.namespace || 'default'), cluster, user, kubectl };
}
