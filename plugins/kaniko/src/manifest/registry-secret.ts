import type { V1Secret, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { ContainerRegistry, RegistryCredentials } from '@slipway/core';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';

const volumeName = 'slipway-registry';
const dockerConfigDirectory = '/kaniko/.docker';
const configKey = 'config.json';
const authoritiesKey = 'ca.crt';

/** What the executor needs to reach the registry and to be let in: files by key. Empty where it needs nothing. */
export function registryFiles(
  registry: ContainerRegistry,
  credentials: RegistryCredentials | undefined,
  configuration: KanikoConfiguration,
): Readonly<Record<string, string>> {
  const { caBundle } = registry.transport;
  return {
    ...(credentials === undefined || mountsDockerConfig(configuration)
      ? {}
      : { [configKey]: dockerConfig(registry.uri, credentials) }),
    ...(caBundle === undefined ? {} : { [authoritiesKey]: caBundle }),
  };
}

/** The Secret that holds the files. */
export function registrySecret(
  name: string,
  labels: Record<string, string>,
  files: Readonly<Record<string, string>>,
): V1Secret {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, labels }, type: 'Opaque', stringData: { ...files } };
}

/** How the executor gets the files: where it reads its Docker configuration, and among the authorities it trusts. */
export function registryMounts(
  secretName: string,
  files: Readonly<Record<string, string>>,
): { volumes: V1Volume[]; mounts: V1VolumeMount[] } {
  if (Object.keys(files).length === 0) return { volumes: [], mounts: [] };
  return {
    volumes: [{ name: volumeName, secret: { secretName, defaultMode: 0o400 } }],
    mounts: [
      ...(configKey in files
        ? [
            {
              name: volumeName,
              mountPath: `${dockerConfigDirectory}/${configKey}`,
              subPath: configKey,
              readOnly: true,
            },
          ]
        : []),
      ...(authoritiesKey in files
        ? [
            {
              name: volumeName,
              // One file more beside the executor's own authorities; a mount of the folder would hide them.
              mountPath: '/kaniko/ssl/certs/slipway-registry.crt',
              subPath: authoritiesKey,
              readOnly: true,
            },
          ]
        : []),
    ],
  };
}

/** What the user mounts at the executor's Docker configuration wins. */
function mountsDockerConfig({ volume_mounts }: KanikoConfiguration): boolean {
  return volume_mounts.some(({ mountPath }) =>
    `${mountPath.replace(/\/+$/, '')}/`.startsWith(`${dockerConfigDirectory}/`),
  );
}

function dockerConfig(uri: string, { username, password }: RegistryCredentials): string {
  const host = uri.split('/', 1)[0] ?? uri;
  const key = /^(index\.|registry-1\.)?docker\.io$/.test(host) ? 'https://index.docker.io/v1/' : host;
  return JSON.stringify({ auths: { [key]: { auth: Buffer.from(`${username}:${password}`).toString('base64') } } });
}
