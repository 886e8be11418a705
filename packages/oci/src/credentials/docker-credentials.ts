import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ImageReference } from '../reference/image-reference.js';
import { askCredentialHelper } from './credential-helper.js';
import { DockerConfigFile, type RegistryLogin } from './docker-config-file.js';
import { helperServer, normalizeHost } from './registry-key.js';

/** The credentials of who is logged in on this machine with Docker or Podman: their files and the helpers that those name. */
export class DockerCredentials {
  readonly #files: readonly DockerConfigFile[];
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(files: readonly DockerConfigFile[], environment: NodeJS.ProcessEnv) {
    this.#files = files;
    this.#environment = environment;
  }

  /**
   * Reads Docker's `config.json`, in the folder `DOCKER_CONFIG` or else `~/.docker`; and Podman's file, which is `REGISTRY_AUTH_FILE` or
   * else `containers/auth.json` in `XDG_RUNTIME_DIR`. One that does not exist has no credentials.
   *
   * @param environment also holds the PATH on which helpers are found
   * @throws SlipwayError `DOCKER_CONFIG_INVALID`
   */
  static async load(environment: NodeJS.ProcessEnv): Promise<DockerCredentials> {
    const files = await Promise.all(pathsOf(environment).map((path) => DockerConfigFile.read(path)));
    return new DockerCredentials(
      files.filter((file) => file !== undefined),
      environment,
    );
  }

  /**
   * The credentials for a registry, or for a repository of it, where an entry may be for a part of the registry. Docker's file comes
   * first; in each file a helper, the registry's own or that for all, comes before what the file holds itself.
   *
   * @param target a reference, or a registry's `host[:port]`
   * @param options.signal ends the wait for a helper with its reason; one that does not answer is not waited for longer than 30 s
   * @throws SlipwayError `CREDENTIAL_HELPER_MISSING`, `CREDENTIAL_HELPER_FAILED`, `DOCKER_CONFIG_INVALID`
   */
  async loginFor(
    target: ImageReference | string,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<RegistryLogin | undefined> {
    const host = hostOf(target);
    const repository = typeof target === 'string' ? undefined : target.repository;
    for (const file of this.#files) {
      const found = (await this.#ask(file.helperFor(host), host, signal)) ?? file.credentialsFor(host, repository);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #ask(
    helper: string | undefined,
    host: string,
    signal: AbortSignal | undefined,
  ): Promise<RegistryLogin | undefined> {
    if (helper === undefined) return undefined;
    return askCredentialHelper(helper, helperServer(host), this.#environment, signal);
  }
}

function hostOf(target: ImageReference | string): string {
  return normalizeHost(typeof target === 'string' ? target : target.registry);
}

function pathsOf(environment: NodeJS.ProcessEnv): string[] {
  const home = environment.HOME || environment.USERPROFILE || homedir();
  const docker = join(environment.DOCKER_CONFIG || join(home, '.docker'), 'config.json');
  const runtime = environment.XDG_RUNTIME_DIR;
  const podman = environment.REGISTRY_AUTH_FILE || (runtime ? join(runtime, 'containers', 'auth.json') : undefined);
  return podman === undefined ? [docker] : [docker, podman];
}
