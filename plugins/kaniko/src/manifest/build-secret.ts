import type { V1EnvVar, V1Secret, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { UsageError } from '@slipway/core';
import { ownedVolumePrefix } from '../configuration/job-template.js';

/** Something confidential that the executor needs, as a file or as a variable of its environment. */
export type SecretEntry = {
  /** In the Secret: letters, digits, `.`, `_` and `-`. */
  readonly key: string;
  readonly content: string | Uint8Array;
} & ({ readonly mountPath: string } | { readonly variable: string });

const volumeName = `${ownedVolumePrefix}secret`;
// etcd takes objects of 1.5 MiB, and the API server Secrets of 1 MiB.
const maximumBytes = 1024 * 1024;

/**
 * The one Secret of a build, which holds all that it needs in confidence.
 * @throws UsageError `SECRETS_TOO_LARGE`
 */
export function buildSecret(name: string, labels: Record<string, string>, entries: readonly SecretEntry[]): V1Secret {
  const contents = entries.map(({ key, content }) => [key, Buffer.from(content)] as const);
  const bytes = contents.reduce((sum, [, content]) => sum + content.length, 0);
  if (bytes > maximumBytes) {
    throw new UsageError({
      code: 'SECRETS_TOO_LARGE',
      message: `The secrets and certificates of the build have ${bytes} bytes together.`,
      reason: 'They go to the cluster as one Secret, which holds 1 MiB.',
      fix: 'Mount what is larger with volumes and volume_mounts.',
    });
  }
  const data = Object.fromEntries(contents.map(([key, content]) => [key, content.toString('base64')]));
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels }, type: 'Opaque', data };
}

/** How the executor gets at the entries. */
export function secretUses(
  secretName: string,
  entries: readonly SecretEntry[],
): { readonly volumes: V1Volume[]; readonly mounts: V1VolumeMount[]; readonly env: V1EnvVar[] } {
  const mounts = entries.flatMap((entry) =>
    'mountPath' in entry ? [{ name: volumeName, mountPath: entry.mountPath, subPath: entry.key, readOnly: true }] : [],
  );
  return {
    volumes: mounts.length === 0 ? [] : [{ name: volumeName, secret: { secretName, defaultMode: 0o400 } }],
    mounts,
    env: entries.flatMap((entry) =>
      'variable' in entry
        ? [{ name: entry.variable, valueFrom: { secretKeyRef: { name: secretName, key: entry.key } } }]
        : [],
    ),
  };
}

/** The Secret for showing: its keys, and none of its values. */
export function withoutValues(secret: V1Secret): V1Secret {
  const { data = {}, ...rest } = secret;
  return { ...rest, stringData: Object.fromEntries(Object.keys(data).map((key) => [key, '********'])) };
}
