import { readFile } from 'node:fs/promises';
import { errorCode, SlipwayError, type RegistryCredentials } from '@slipway/core';

import { isRecord, parseJson } from '../content/parse-manifest.js';
import { lookupKeys, normalizeKey } from './registry-key.js';

/** What a registry gave at a login in the place of a password: only who speaks its way of exchanging such a token can use it. */
export interface RegistryToken {
  /** As the entry of a Docker configuration names it. */
  readonly kind: 'identitytoken' | 'registrytoken';
  readonly token: string;
}

/** What a login left on this machine. */
export type RegistryLogin = RegistryCredentials | RegistryToken;

const helperName = /^[A-Za-z0-9._-]+$/;

/**
 * A file of credentials as `docker login` and `podman login` write it. An entry is looked at when it is asked for, so one that is broken
 * does not stand in the way of the others. Nothing of the content is ever shown, save for the names of helpers.
 */
export class DockerConfigFile {
  readonly #path: string;
  readonly #auths: ReadonlyMap<string, unknown>;
  readonly #helpers: ReadonlyMap<string, unknown>;
  readonly #store: unknown;

  private constructor(path: string, content: Record<string, unknown>) {
    this.#path = path;
    this.#auths = this.#section(content['auths'], 'auths');
    this.#helpers = this.#section(content['credHelpers'], 'credHelpers');
    this.#store = content['credsStore'] ?? '';
  }

  /**
   * Undefined where there is no such file.
   *
   * @throws SlipwayError `DOCKER_CONFIG_INVALID`
   */
  static async read(path: string): Promise<DockerConfigFile | undefined> {
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw configInvalid(path, `It cannot be read (${code}).`);
    }
    // Docker takes an empty file for one without entries.
    const content = bytes.toString('utf8').trim() === '' ? {} : parseJson(bytes);
    if (!isRecord(content)) throw configInvalid(path, 'It is not JSON, or not an object.');
    return new DockerConfigFile(path, content);
  }

  /** The name of the helper to ask for a registry's credentials; undefined where the file itself has them. */
  helperFor(host: string): string | undefined {
    const helper = this.#helpers.has(host) ? this.#helpers.get(host) : this.#store;
    if (helper === '') return undefined;
    // Anything with a slash would run a file from somewhere else than the PATH.
    if (typeof helper === 'string' && helperName.test(helper)) return helper;
    throw configInvalid(this.#path, `The credential helper that it names for ${host} is not the name of one.`);
  }

  /** @param repository for entries that are for a part of the registry only: the longest that fits is taken */
  credentialsFor(host: string, repository: string | undefined): RegistryLogin | undefined {
    for (const key of lookupKeys(host, repository)) {
      const credentials = this.#decode(this.#auths.get(key), host);
      if (credentials !== undefined) return credentials;
    }
    return undefined;
  }

  #decode(entry: unknown, host: string): RegistryLogin | undefined {
    if (entry === undefined || entry === null) return undefined;
    if (!isRecord(entry)) throw this.#broken(host);
    const { auth, username, password, identitytoken, registrytoken } = entry;
    const decoded = isGiven(auth) ? this.#decodeAuth(auth, host) : { username, password };
    if (typeof decoded.username === 'string' && typeof decoded.password === 'string' && decoded.password !== '') {
      return { username: decoded.username, password: decoded.password };
    }
    for (const [kind, token] of Object.entries({ identitytoken, registrytoken })) {
      if (typeof token === 'string' && token !== '') return { kind: kind as RegistryToken['kind'], token };
    }
    return undefined;
  }

  #decodeAuth(auth: unknown, host: string): RegistryCredentials {
    if (typeof auth !== 'string' || !/^[A-Za-z0-9+/]+=*$/.test(auth)) throw this.#broken(host);
    const text = Buffer.from(auth, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon < 0) throw this.#broken(host);
    // Some tools fill up to a length that does not need `=`.
    return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '') };
  }

  #section(value: unknown, name: string): ReadonlyMap<string, unknown> {
    if (value !== undefined && value !== null && !isRecord(value)) {
      throw configInvalid(this.#path, `Its '${name}' is not an object.`);
    }
    const section = new Map<string, unknown>();
    for (const [key, entry] of Object.entries(value ?? {})) {
      const normal = normalizeKey(key);
      // Written plainly it wins over the same host with a scheme or a path.
      if (key === normal || !section.has(normal)) section.set(normal, entry);
    }
    return section;
  }

  #broken(host: string): SlipwayError {
    return configInvalid(this.#path, `Its entry for ${host} cannot be decoded.`);
  }
}

/** A field that is there and says something. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function configInvalid(path: string, reason: string): SlipwayError {
  return new SlipwayError({
    code: 'DOCKER_CONFIG_INVALID',
    message: `The file ${path}, which holds credentials for registries, cannot be used.`,
    reason,
    fix: 'Mend the file, or move it away and log in again with `docker login`.',
  });
}
