import type { V1NodeList } from '@kubernetes/client-node';
import { type BuildEvent, SlipwayError } from '@slipway/core';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import type { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { KubernetesApiError } from '../kubernetes/kubernetes-error.js';
import { architectureLabel, osLabel, platformSelector } from '../manifest/platform-scheduling.js';
import { strategicMerge } from '../manifest/strategic-merge.js';

export interface CheckNodesInput {
  readonly connection: KubernetesConnection;
  readonly configuration: KanikoConfiguration;
  readonly platforms: readonly string[];
  /** Told where nobody may look. */
  readonly report?: ((event: BuildEvent) => void) | undefined;
  readonly signal: AbortSignal;
}

const nodesPath = '/api/v1/nodes';
const what = 'list nodes';
// Enough to see which kinds of node there are; it is read only for the error.
const namedNodes = 500;

/**
 * Finds out whether the cluster has nodes for the platforms. Other demands on the node are not looked at: autoscalers meet those.
 * @throws SlipwayError `NO_NODE_FOR_PLATFORM`
 */
export async function checkNodes(input: CheckNodesInput): Promise<void> {
  const { connection, configuration, platforms, report, signal } = input;
  if (configuration.nodes_on_demand) return;
  try {
    const found = await Promise.all(platforms.map((platform) => hasNode(input, platform)));
    const missing = platforms.filter((_, index) => found[index] === false);
    if (missing.length > 0) throw noNode(connection, missing, await nodePlatforms(connection, signal));
  } catch (error) {
    if (!KubernetesApiError.is(error) || error.status !== 403) throw error;
    report?.({
      type: 'warning',
      message: `Whether the cluster has nodes for ${platforms.join(' and ')} could not be looked at.`,
      reason: error.reason,
      fix: 'Let an administrator allow `list nodes` by a ClusterRole, or wait: a pod that finds no node says so.',
    });
  }
}

async function hasNode({ connection, configuration, signal }: CheckNodesInput, platform: string): Promise<boolean> {
  const selector = Object.entries(scheduledLabels(platform, configuration)).map(
    ([label, value]) => `${label}=${value}`,
  );
  const query = { labelSelector: selector.join(','), limit: 1 };
  const { items } = await connection.request<V1NodeList>({ method: 'GET', path: nodesPath, query, what, signal });
  return items.length > 0;
}

/** What the pod's node selector will say of system and architecture: the user's own word counts more than the platform's. */
function scheduledLabels(platform: string, configuration: KanikoConfiguration): Record<string, string> {
  const nodeSelector = { ...platformSelector(platform), ...configuration.node_selector };
  const pod = { spec: { template: { spec: { nodeSelector } } } };
  const merged = strategicMerge(pod, configuration.job_template ?? {}).spec.template.spec.nodeSelector ?? {};
  return Object.fromEntries(
    Object.entries(merged).filter(([label]) => label === osLabel || label === architectureLabel),
  );
}

/** `linux/amd64`, of each kind of node. */
async function nodePlatforms(connection: KubernetesConnection, signal: AbortSignal): Promise<readonly string[]> {
  const query = { limit: namedNodes };
  const { items } = await connection.request<V1NodeList>({ method: 'GET', path: nodesPath, query, what, signal });
  const platforms = items.flatMap(({ metadata }) => {
    const { [osLabel]: os, [architectureLabel]: architecture } = metadata?.labels ?? {};
    return os === undefined || architecture === undefined ? [] : [`${os}/${architecture}`];
  });
  return [...new Set(platforms)].sort();
}

function noNode({ access }: KubernetesConnection, missing: readonly string[], there: readonly string[]): SlipwayError {
  return new SlipwayError({
    code: 'NO_NODE_FOR_PLATFORM',
    message: `The cluster of context '${access.context}' has no node for ${missing.join(' or ')}.`,
    reason: there.length === 0 ? 'None of its nodes says what it runs.' : `Its nodes are for ${there.join(', ')}.`,
    fix: `${there.length === 0 ? '' : `Build for those: --platform=${there.join(',')}. `}Where the cluster makes nodes when pods need them: slipway image-builder update NAME --nodes_on_demand=true`,
  });
}
