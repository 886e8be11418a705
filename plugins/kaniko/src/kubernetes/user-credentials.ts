import { readFile } from 'node:fs/promises';
import { SlipwayError } from '@slipway/core';
import type { ClusterAccess } from './cluster-access.js';
import { type ExecCredential, execCredentialPlugin } from './exec-credential-plugin.js';

/** What a request carries to say who sends it. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly cert?: Buffer | string;
  readonly key?: Buffer | string;
}

// Credentials are renewed this long before they end: a request under way must not outlive them.
const renewBeforeMilliseconds = 30_000;

/** The credentials of one user of the kubeconfig, kept until they end or are refused. */
export class UserCredentials {
  #exec: { credential: ExecCredential; until: number } | undefined;

  constructor(private readonly access: ClusterAccess) {}

  /** @throws SlipwayError of the credential plugin, `KUBECONFIG_INVALID`, `AUTH_PROVIDER_UNSUPPORTED` */
  async get(): Promise<Credentials> {
    const { user } = this.access;
    const exec = user.exec ? await this.#execCredential() : undefined;
    const cert = exec?.clientCertificateData ?? (await content(user, 'client-certificate'));
    const key = exec?.clientKeyData ?? (await content(user, 'client-key'));
    // A token's file is read each time: kubelets and agents renew it in place.
    const token = exec?.token ?? (user.tokenFile ? (await readGiven(user.tokenFile)).toString().trim() : user.token);
    const identity = user['auth-provider'] ? identityToken(user['auth-provider']) : undefined;
    return {
      headers: { ...authorization(token ?? identity, user.username, user.password), ...this.#impersonation() },
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    };
  }

  /** Forgets what can be had anew. @returns whether there is such a thing */
  renew(): boolean {
    this.#exec = undefined;
    return Boolean(this.access.user.exec ?? this.access.user.tokenFile);
  }

  async #execCredential(): Promise<ExecCredential> {
    const { user, cluster } = this.access;
    if (this.#exec !== undefined && Date.now() < this.#exec.until) return this.#exec.credential;
    const credential = await execCredentialPlugin(user.exec as NonNullable<typeof user.exec>, cluster);
    const end = credential.expirationTimestamp === undefined ? Infinity : Date.parse(credential.expirationTimestamp);
    this.#exec = { credential, until: end - renewBeforeMilliseconds };
    return credential;
  }

  #impersonation(): Record<string, string | string[]> {
    const { user } = this.access;
    if (!user.as) return {};
    const extra = Object.entries(user['as-user-extra'] ?? {});
    return {
      'Impersonate-User': user.as,
      ...(user['as-uid'] ? { 'Impersonate-Uid': user['as-uid'] } : {}),
      ...(user['as-groups'] ? { 'Impersonate-Group': user['as-groups'] } : {}),
      ...Object.fromEntries(extra.map(([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, values])),
    };
  }
}

function authorization(
  token: string | null | undefined,
  username: string | null | undefined,
  password: string | null | undefined,
): Record<string, string> {
  if (token) return { Authorization: `Bearer ${token}` };
  if (!username) return {};
  return { Authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` };
}

async function content(
  user: ClusterAccess['user'],
  name: 'client-certificate' | 'client-key',
): Promise<Buffer | undefined> {
  const data = user[`${name}-data`];
  if (data) return Buffer.from(data, 'base64');
  const path = user[name];
  return path ? readGiven(path) : undefined;
}

/** @throws SlipwayError `KUBECONFIG_INVALID` */
export async function readGiven(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new SlipwayError({
      code: 'KUBECONFIG_INVALID',
      message: `The file ${path}, which the kubeconfig names, cannot be read.`,
      reason: (error as Error).message,
      cause: error,
    });
  }
}

// The last of the auth-providers that kubectl knows. Its token is used while it lasts; to renew it is the login command's work.
function identityToken({ name, config }: NonNullable<ClusterAccess['user']['auth-provider']>): string {
  const token = config?.['id-token'];
  if (name === 'oidc' && typeof token === 'string') return token;
  throw new SlipwayError({
    code: 'AUTH_PROVIDER_UNSUPPORTED',
    message: `The kubeconfig's user has the auth-provider '${name}', which is not supported.`,
    reason: 'Kubernetes replaced auth-providers by credential plugins (`exec`).',
    fix: 'Write the kubeconfig anew with the tool of your provider: it will name a credential plugin.',
  });
}
