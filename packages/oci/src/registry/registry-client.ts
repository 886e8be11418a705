import { canonicalHost } from '../reference/grammar.js';
import { ImageReference } from '../reference/image-reference.js';
import { isDigest } from '../reference/digest.js';
import { discard, type HttpResponse } from './http-response.js';
import { manifestMediaTypes } from './manifest-media-types.js';
import { digestHeader, manifestRequest, mediaTypeOf, readManifest, untrusted } from './manifest-request.js';
import { RegistrySession, type RegistrySessionOptions } from './registry-session.js';
import { Repository } from './repository.js';
import { isBusy } from './retry.js';

export type RegistryClientOptions = RegistrySessionOptions;

/** What a reference stands for. */
export interface ManifestDescriptor {
  /** `algorithm:hex`. */
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes of the manifest, not of the image. */
  readonly size: number;
}

/**
 * A client of one registry, for any number of requests at the same time. It keeps connections and tokens for the next request;
 * `close` it in the end.
 *
 * Methods throw SlipwayError `REGISTRY_UNREACHABLE`, `REGISTRY_CERTIFICATE_UNTRUSTED`, `REGISTRY_SPEAKS_HTTP`,
 * `REGISTRY_UNAUTHORIZED`, `REGISTRY_DENIED` or `REGISTRY_FAILED`, and the reason of a signal that aborts them.
 */
export class RegistryClient {
  readonly #host: string;
  readonly #session: RegistrySession;

  /** @throws UsageError `INVALID_REGISTRY_URI`, `INVALID_CA_BUNDLE` */
  constructor(options: RegistryClientOptions) {
    this.#host = canonicalHost(options.host.toLowerCase());
    this.#session = new RegistrySession(options);
  }

  /** Asks whether this is a registry, and whether it lets in who asks. */
  async ping(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const response = await this.#session.request({ method: 'GET', target: '/v2/', scope: '', signal: options.signal });
    if (response.status !== 200) throw await this.#session.refusal(response, 'the use of its API');
    discard(response);
  }

  /**
   * The images of one repository, to read and to write.
   *
   * @param name without the registry's host, e.g. `demo/hello`
   * @throws UsageError `INVALID_REFERENCE`
   */
  repository(name: string): Repository {
    const reference = ImageReference.of({
      registry: this.#host,
      repository: name,
      tag: undefined,
      digest: undefined,
    });
    return new Repository(this.#session, reference);
  }

  /** What the reference's digest, else its tag, else `latest` stands for in the registry now; undefined where there is nothing. */
  async resolve(
    reference: ImageReference,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<ManifestDescriptor | undefined> {
    this.#checkHost(reference);
    const head = await this.#session.request({ ...manifestRequest(reference, options.signal), method: 'HEAD' });
    const descriptor = head.status === 200 ? describe(head) : undefined;
    discard(head);
    if (head.status === 404) return undefined;
    if (descriptor === undefined && !isFinal(head.status)) {
      // For registries that do not tell enough, or cannot tell why they refuse, without sending a body.
      return (await readManifest(this.#session, reference, options.signal))?.descriptor;
    }
    if (descriptor === undefined) throw await this.#session.refusal(head, `reading ${reference.name}`);
    if (reference.digest === undefined || reference.digest === descriptor.digest) return descriptor;
    throw untrusted(this.#session, reference, `it answers with ${descriptor.digest}`);
  }

  close(): void {
    this.#session.close();
  }

  #checkHost(reference: ImageReference): void {
    if (reference.registry.toLowerCase() === this.#host) return;
    throw new Error(`'${reference.toString()}' is asked of the registry ${this.#host}.`);
  }
}

/** True for an answer that asking again in another way would not change. */
function isFinal(status: number): boolean {
  return status === 401 || status === 403 || isBusy(status);
}

/** What the head alone says, where it says all of it. */
function describe(response: HttpResponse): ManifestDescriptor | undefined {
  const digest = digestHeader(response);
  const mediaType = mediaTypeOf(response);
  const size = response.headers['content-length'];
  if (digest === undefined || !isDigest(digest) || !manifestMediaTypes.includes(mediaType)) return undefined;
  return size === undefined ? undefined : { digest, mediaType, size: Number(size) };
}
