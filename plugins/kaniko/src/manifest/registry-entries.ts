import type { RegistryAccess } from '../registries/registry-access.js';
import type { SecretEntry } from './build-secret.js';
import { dockerConfigDirectory } from './docker-config.js';

/** What lets the executor into registries: its Docker configuration, and authorities beside those of its image. */
export function registryEntries({ logins, authorities }: RegistryAccess): readonly SecretEntry[] {
  return [
    ...(logins.length === 0
      ? []
      : [
          {
            key: 'config.json',
            content: dockerConfig(logins),
            mountPath: `${dockerConfigDirectory}/config.json`,
          },
        ]),
    ...(authorities.length === 0
      ? []
      : [
          {
            key: 'ca.crt',
            content: authorities.map((pem) => `${pem.trimEnd()}\n`).join(''),
            // One file more beside the executor's own authorities; a mount of the folder would hide them.
            mountPath: '/kaniko/ssl/certs/slipway-registry.crt',
          },
        ]),
  ];
}

function dockerConfig(logins: RegistryAccess['logins']): string {
  const auths = logins.map(({ host, login }) => [
    /^(index\.|registry-1\.)?docker\.io$/.test(host) ? 'https://index.docker.io/v1/' : host,
    'token' in login
      ? { [login.kind]: login.token }
      : { auth: Buffer.from(`${login.username}:${login.password}`).toString('base64') },
  ]);
  return JSON.stringify({ auths: Object.fromEntries(auths) as object });
}
