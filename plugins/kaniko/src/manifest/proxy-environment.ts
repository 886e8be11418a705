import type { V1EnvVar } from '@kubernetes/client-node';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';
import type { SecretEntry } from './build-secret.js';

export interface ProxyEnvironment {
  readonly env: readonly V1EnvVar[];
  /** Proxies that take a password: whoever may read pods must not read that. */
  readonly entries: readonly SecretEntry[];
}

/** The proxies as the executor reads them. */
export function proxyEnvironment(configuration: KanikoConfiguration): ProxyEnvironment {
  const { http_proxy, https_proxy, no_proxy } = configuration;
  const proxies = { HTTP_PROXY: http_proxy, HTTPS_PROXY: https_proxy, NO_PROXY: no_proxy };
  const given = Object.entries(proxies).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
  const confidential = given.filter(({ name, value }) => name !== 'NO_PROXY' && hasCredentials(value));
  return {
    env: given.filter((variable) => !confidential.includes(variable)),
    entries: confidential.map(({ name, value }) => ({ key: name, content: value, variable: name })),
  };
}

function hasCredentials(address: string): boolean {
  const { username, password } = new URL(address);
  return username !== '' || password !== '';
}
