import { type BuildWarning, type RegistryTransport, SlipwayError } from '@slipway/core';
import { type ImageReference, RegistryClient, type RegistryLogin } from '@slipway/oci';

/**
 * Checks that the registry has what the executor reported, where this machine can reach the registry and may read from it. Whether it
 * can is found out while the build runs, so that a registry that only the cluster reaches costs no time in the end.
 */
export class RegistryCheck {
  readonly #client: RegistryClient;
  readonly #reachable: Promise<unknown>;
  /** What the first tag named before the build, once that is known. */
  #before: { readonly digest: string | undefined } | undefined;
  #confirmed: string | undefined;
  readonly #controller = new AbortController();

  constructor(
    transport: RegistryTransport,
    credentials: RegistryLogin | undefined,
    private readonly tags: readonly ImageReference[],
  ) {
    const [first] = tags;
    this.#client = new RegistryClient({ host: first?.registry ?? '', transport, credentials });
    this.#reachable = this.#client
      .resolve(first as ImageReference, { signal: this.#controller.signal })
      .then((found) => {
        this.#before = { digest: found?.digest };
      })
      .catch((error: unknown) => error);
  }

  /**
   * The digest that every tag names now, where the first one did not name it before: somebody has pushed it since, this build or another
   * to the same tags. Undefined where that cannot be told.
   */
  async newDigest(signal: AbortSignal): Promise<string | undefined> {
    if (this.#before === undefined) return undefined;
    try {
      const found = await Promise.all(this.tags.map((tag) => this.#client.resolve(tag, { signal })));
      const [digest, ...others] = new Set(found.map((manifest) => manifest?.digest));
      if (others.length > 0 || digest === this.#before.digest) return undefined;
      this.#confirmed = digest;
      return digest;
    } catch {
      return undefined;
    }
  }

  /**
   * @returns a warning where nothing could be checked
   * @throws SlipwayError `IMAGE_NOT_IN_REGISTRY`
   */
  async confirm(digest: string, signal: AbortSignal): Promise<BuildWarning | undefined> {
    if (this.#confirmed === digest) return undefined;
    // What could not be reached while the executor built is not waited for now.
    const unreachable = await Promise.race([this.#reachable, Promise.resolve(stillTrying)]);
    if (unreachable !== undefined) return unchecked(unreachable);
    try {
      for (const tag of this.tags) {
        const found = await this.#client.resolve(tag.withDigest(digest), { signal });
        if (found === undefined) throw notThere(tag, digest);
      }
      return undefined;
    } catch (error) {
      if (signal.aborted || (SlipwayError.is(error) && error.code === 'IMAGE_NOT_IN_REGISTRY')) throw error;
      return unchecked(error);
    }
  }

  close(): void {
    this.#controller.abort();
    this.#client.close();
  }
}

const stillTrying = new SlipwayError({ code: 'REGISTRY_UNREACHABLE', message: 'The registry did not answer in time.' });

function unchecked(error: unknown): BuildWarning {
  return {
    type: 'warning',
    message: 'The digest is the one that the executor reported; it was not checked in the registry.',
    reason: error instanceof Error ? error.message : String(error),
  };
}

function notThere(tag: ImageReference, digest: string): SlipwayError {
  return new SlipwayError({
    code: 'IMAGE_NOT_IN_REGISTRY',
    message: `The executor reported ${digest}, but the registry does not have it.`,
    reason: `It was asked for ${tag.name}@${digest}.`,
    fix: 'Look at what the executor printed, and whether the cluster reaches the same registry as this machine; then try again.',
  });
}
