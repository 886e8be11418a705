import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { executorMountPaths, ownedVolumePrefix } from '../configuration/job-template.js';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';

/** Where the executor reads its Docker configuration, in a file `config.json`. */
export const dockerConfigDirectory = '/kaniko/.docker';
const volumeName = `${ownedVolumePrefix}docker-config`;

/** Whether the user mounts something where the executor reads its Docker configuration: that wins. */
function mountsDockerConfig({ volume_mounts, job_template }: KanikoConfiguration): boolean {
  const paths = [...volume_mounts.map(({ mountPath }) => mountPath), ...executorMountPaths(job_template)];
  return paths.some((path) => `${path.replace(/\/+$/, '')}/`.startsWith(`${dockerConfigDirectory}/`));
}

/** Whether the credentials of this machine go along with a build. */
export function takesCredentialsAlong(configuration: KanikoConfiguration): boolean {
  return configuration.registry_credentials === 'auto' && !mountsDockerConfig(configuration);
}

/** The Secret of the cluster that `registry_credentials` names, as the executor's Docker configuration. */
export function namedDockerConfig(configuration: KanikoConfiguration): {
  readonly volumes: V1Volume[];
  readonly mounts: V1VolumeMount[];
} {
  const { registry_credentials: name } = configuration;
  if (name === 'auto' || name === 'none' || mountsDockerConfig(configuration)) return { volumes: [], mounts: [] };
  // The first has what is in a Secret of our own making, and demands that the Secret is there; the second is for those of kubectl.
  const items = [{ key: '.dockerconfigjson', path: 'config.json' }];
  const sources = [{ secret: { name } }, { secret: { name, items, optional: true } }];
  return {
    volumes: [{ name: volumeName, projected: { sources, defaultMode: 0o400 } }],
    mounts: [{ name: volumeName, mountPath: dockerConfigDirectory, readOnly: true }],
  };
}
