import type { V1Toleration } from '@kubernetes/client-node';
import { parsePlatform } from '@slipway/oci';

export const osLabel = 'kubernetes.io/os';
export const architectureLabel = 'kubernetes.io/arch';

/** The executor emulates nothing, so that it has to run where what it builds runs. */
export function platformSelector(platform: string | undefined): Record<string, string> {
  if (platform === undefined) return {};
  const { os, architecture } = parsePlatform(platform);
  return { [osLabel]: os, [architectureLabel]: architecture };
}

/** Clusters keep pods that do not ask for it off nodes of an architecture by a taint that is called as its label; GKE does so with arm64. */
export function platformTolerations(nodeSelector: Readonly<Record<string, string>>): readonly V1Toleration[] {
  const value = nodeSelector[architectureLabel];
  if (value === undefined) return [];
  return [{ key: architectureLabel, operator: 'Equal', value, effect: 'NoSchedule' }];
}
