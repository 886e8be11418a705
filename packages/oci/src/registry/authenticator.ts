import { SlipwayError, type RegistryCredentials } from '@slipway/core';

import type { RegistryLogin } from '../credentials/docker-config-file.js';
import { parseChallenges, type Challenge } from './challenge.js';
import { discard, readBody, type HttpResponse } from './http-response.js';
import { unauthorized } from './refusal.js';
import { coversScope, mergeScopes } from './scope.js';

export interface AuthenticatorOptions {
  /** The registry that asks. */
  readonly origin: URL;
  readonly credentials: RegistryLogin | undefined;
  /** Asks a token service, retried and without following redirects: by a form where there is one, else by the address. */
  readonly ask: (url: URL, headers: Record<string, string>, form?: URLSearchParams) => Promise<HttpResponse>;
}

const maximumTokenBytes = 1024 * 1024;
/** A token is given up this long before it ends, so that it does not end on its way. */
const marginMs = 5_000;

interface Token {
  readonly authorization: string;
  readonly scope: string;
  readonly expires: number;
}

/**
 * Answers a registry's challenges: none at first, then Basic or a bearer token as it asks, remembered for what follows. An identity token
 * is exchanged for bearer tokens; a registry token is one.
 *
 * Credentials go to the registry itself and to the token service it names, the latter only over HTTPS or, for a registry of plain
 * HTTP, on the registry's own host.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #fetches = new Map<string, Promise<string>>();
  #tokens: readonly Token[] = [];
  #basic: string | undefined;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /** The `Authorization` header that was last granted for this scope or for more, where there is one still good. */
  known(scope: string): string | undefined {
    const now = performance.now();
    const token = this.#tokens.find((one) => one.expires > now && coversScope(one.scope, scope));
    return token?.authorization ?? this.#basic;
  }

  /**
   * The `Authorization` header that answers this challenge. Requests that are refused at the same time share one token.
   *
   * @param header the `WWW-Authenticate` header of the refusal
   * @param refused the `Authorization` header that was not good enough
   * @throws SlipwayError `REGISTRY_UNAUTHORIZED`, `REGISTRY_FAILED`
   */
  async answer(
    header: string | undefined,
    scope: string,
    refused: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const other = this.known(scope);
    if (other !== undefined && other !== refused) return other;
    this.#tokens = this.#tokens.filter(({ authorization }) => authorization !== refused);
    this.#basic = undefined;
    const { credentials, origin } = this.#options;
    const challenges = parseChallenges(header ?? '');
    const bearer = challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.has('realm'));
    if (bearer !== undefined) return this.#answerBearer(bearer, scope, refused, signal);
    const { host } = origin;
    if (credentials === undefined) throw unauthorized(host, 'It wants a user name and a password');
    if ('token' in credentials) {
      throw unauthorized(host, 'It wants a user name and a password, and the login has a token in their place');
    }
    if (!challenges.some(({ scheme }) => scheme === 'basic')) {
      throw unauthorized(host, 'It asks for a way to authenticate that is neither Basic nor Bearer');
    }
    this.#basic = basicAuthorization(credentials);
    return this.#basic;
  }

  /** Takes every secret this authenticator holds out of what others say. */
  redact(text: string): string {
    const tokens = this.#tokens.map(({ authorization }) => authorization.slice(authorization.indexOf(' ') + 1));
    const secrets = [...tokens, ...secretsOf(this.#options.credentials)];
    return secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '…')), text);
  }

  async #answerBearer(
    challenge: Challenge,
    scope: string,
    refused: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const { credentials, origin } = this.#options;
    if (credentials === undefined || !('token' in credentials) || credentials.kind === 'identitytoken') {
      return this.#share(challenge, scope, signal);
    }
    const authorization = `Bearer ${credentials.token}`;
    if (authorization === refused) throw unauthorized(origin.host, 'It does not take the token of the login');
    this.#tokens = [{ authorization, scope, expires: Infinity }, ...this.#tokens];
    return authorization;
  }

  #share(challenge: Challenge, needed: string, signal: AbortSignal | undefined): Promise<string> {
    const scope = mergeScopes(challenge.parameters.get('scope') ?? '', needed);
    const key = JSON.stringify([challenge.parameters.get('realm'), challenge.parameters.get('service'), scope]);
    let fetching = this.#fetches.get(key);
    if (fetching === undefined) {
      // Without a signal: that of who came first is no reason for the others to fail.
      fetching = this.#fetchToken(challenge, scope).finally(() => this.#fetches.delete(key));
      this.#fetches.set(key, fetching);
    }
    return unlessAborted(fetching, signal);
  }

  async #fetchToken({ parameters }: Challenge, scope: string): Promise<string> {
    const url = this.#tokenService(parameters.get('realm') ?? '');
    const response = await this.#askForToken(url, parameters.get('service'), scope);
    if (response.status === 200) return this.#remember(scope, url, await readBody(response, maximumTokenBytes));
    discard(response);
    const answer = `Its token service ${url.host} answers with status ${response.status}`;
    if (response.status !== 401 && response.status !== 403) throw this.#failed(answer);
    const told = `to ${nameOf(this.#options.credentials)}`;
    throw unauthorized(this.#options.origin.host, `${answer} ${told}`);
  }

  /** As the distribution project has it: credentials ask by GET, an identity token by a form (OAuth 2's refresh token). */
  #askForToken(url: URL, service: string | undefined, scope: string): Promise<HttpResponse> {
    const { credentials, ask } = this.#options;
    const scopes = scope.split(' ').filter((one) => one !== '');
    if (credentials !== undefined && 'token' in credentials) {
      const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'slipway' });
      form.set('refresh_token', credentials.token);
      if (service !== undefined) form.set('service', service);
      if (scopes.length > 0) form.set('scope', scopes.join(' '));
      return ask(url, { 'content-type': 'application/x-www-form-urlencoded' }, form);
    }
    if (service !== undefined) url.searchParams.set('service', service);
    for (const one of scopes) url.searchParams.append('scope', one);
    return ask(url, credentials === undefined ? {} : { authorization: basicAuthorization(credentials) });
  }

  #tokenService(realm: string): URL {
    const { origin } = this.#options;
    const url = URL.canParse(realm, origin.href) ? new URL(realm, origin) : undefined;
    const ownHost = origin.protocol === 'http:' && url?.protocol === 'http:' && url.hostname === origin.hostname;
    if (url === undefined || !(url.protocol === 'https:' || ownHost)) {
      throw this.#failed('It names a token service where credentials could be read on their way');
    }
    url.username = '';
    url.password = '';
    return url;
  }

  #remember(scope: string, url: URL, body: Buffer | undefined): string {
    const { token, lifetimeMs } = readToken(body);
    if (token === undefined) throw this.#failed(`Its token service ${url.host} gives an answer without a token`);
    const authorization = `Bearer ${token}`;
    const expires = performance.now() + lifetimeMs - marginMs;
    const others = this.#tokens.filter((one) => one.expires > performance.now() && one.scope !== scope);
    this.#tokens = [{ authorization, scope, expires }, ...others];
    return authorization;
  }

  #failed(reason: string): SlipwayError {
    return new SlipwayError({
      code: 'REGISTRY_FAILED',
      message: `The registry ${this.#options.origin.host} cannot authenticate anybody now.`,
      reason: `${reason}.`,
      fix: 'Try again later; if it stays, ask who runs the registry.',
    });
  }
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function basicAuthorization({ username, password }: RegistryCredentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** All that must not be repeated, as it goes over the wire. */
function secretsOf(login: RegistryLogin | undefined): string[] {
  if (login === undefined) return [];
  if ('token' in login) return [login.token, encodeURIComponent(login.token)];
  return [basicAuthorization(login).slice('Basic '.length), login.password];
}

function nameOf(login: RegistryLogin | undefined): string {
  if (login === undefined) return 'a request without credentials';
  return 'token' in login ? 'the token of the login' : 'the user name and password';
}

function readToken(body: Buffer | undefined): { token: string | undefined; lifetimeMs: number } {
  // What the distribution project says of a token that does not tell.
  const fallback = 60_000;
  try {
    const answer = JSON.parse(body?.toString('utf8') ?? '') as Record<string, unknown>;
    const token = [answer['token'], answer['access_token']].find((value) => typeof value === 'string' && value !== '');
    const seconds = answer['expires_in'];
    const usable = typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
    return { token: usable, lifetimeMs: typeof seconds === 'number' ? seconds * 1000 : fallback };
  } catch {
    return { token: undefined, lifetimeMs: fallback };
  }
}
