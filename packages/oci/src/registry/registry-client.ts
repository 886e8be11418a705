import { SlipwayError } from '@slipway/core';

import { digestOf, isDigest } from '../reference/digest.js';
import { canonicalHost } from '../reference/grammar.js';
import type { ImageReference } from '../reference/image-reference.js';
import { discard, type HttpResponse } from './http-response.js';
import { manifestMediaTypes } from './manifest-media-types.js';
import { RegistrySession, type RegistryRequest, type RegistrySessionOptions } from './registry-session.js';
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

/** The distribution specification's limit, which registries keep as well. */
const maximumManifestBytes = 4 * 1024 * 1024;

/**
 * A client of one registry. It keeps connections and tokens for the next request; `close` it in the end.
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

  /** What the reference's digest, else its tag, else `latest` stands for in the registry now; undefined where there is nothing. */
  async resolve(
    reference: ImageReference,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<ManifestDescriptor | undefined> {
    this.#checkHost(reference);
    const request = manifestRequest(reference, options.signal);
    const head = await this.#session.request({ ...request, method: 'HEAD' });
    const descriptor = head.status === 200 ? describe(head) : undefined;
    discard(head);
    if (head.status === 404) return undefined;
    if (descriptor === undefined && !isFinal(head.status)) return this.#resolveByContent(reference, request);
    if (descriptor === undefined) throw await this.#session.refusal(head, `reading ${reference.name}`);
    return this.#checked(descriptor, reference);
  }

  close(): void {
    this.#session.close();
  }

  /** For registries that do not tell enough, or cannot tell why they refuse, without sending a body. */
  async #resolveByContent(
    reference: ImageReference,
    request: RegistryRequest,
  ): Promise<ManifestDescriptor | undefined> {
    const response = await this.#session.request(request);
    if (response.status === 404) {
      discard(response);
      return undefined;
    }
    if (response.status !== 200) throw await this.#session.refusal(response, `reading ${reference.name}`);
    const body = await this.#session.read(response, maximumManifestBytes, request.signal);
    if (body === undefined) throw this.#failed(reference, `its manifest is longer than ${maximumManifestBytes} bytes`);
    const mediaType = [mediaTypeOf(response), mediaTypeIn(body)].find((type) => manifestMediaTypes.includes(type));
    if (mediaType === undefined) {
      throw this.#failed(
        reference,
        `it answers with '${mediaTypeOf(response)}', which is not the manifest of an image`,
      );
    }
    const told = [digestHeader(response), reference.digest].find((digest) => digest !== undefined && isDigest(digest));
    const digest = digestOf(body, told?.split(':')[0]);
    if (told !== undefined && told !== digest) {
      throw this.#failed(reference, `it promises ${told} and sends the content of ${digest}`);
    }
    return this.#checked({ digest, mediaType, size: body.length }, reference);
  }

  #checked(descriptor: ManifestDescriptor, reference: ImageReference): ManifestDescriptor {
    if (reference.digest === undefined || reference.digest === descriptor.digest) return descriptor;
    throw this.#failed(reference, `it answers with ${descriptor.digest}`);
  }

  #checkHost(reference: ImageReference): void {
    if (reference.registry.toLowerCase() === this.#host) return;
    throw new Error(`'${reference.toString()}' is asked of the registry ${this.#host}.`);
  }

  #failed(reference: ImageReference, reason: string): SlipwayError {
    return new SlipwayError({
      code: 'REGISTRY_FAILED',
      message: `The answer of the registry ${this.#host} cannot be trusted.`,
      reason: `Asked for ${reference.toString()}, ${reason}.`,
      fix: 'Check that the uri of the container registry names a registry, and what lies between it and this machine.',
    });
  }
}

function manifestRequest(reference: ImageReference, signal: AbortSignal | undefined): RegistryRequest {
  return {
    method: 'GET',
    path: `/v2/${reference.repository}/manifests/${reference.digest ?? reference.tag ?? 'latest'}`,
    headers: { accept: manifestMediaTypes.join(', ') },
    scope: `repository:${reference.repository}:pull`,
    signal,
  };
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

function digestHeader(response: HttpResponse): string | undefined {
  const value = response.headers['docker-content-digest'];
  return typeof value === 'string' ? value : undefined;
}

function mediaTypeOf(response: HttpResponse): string {
  return response.headers['content-type']?.split(';')[0]?.trim() ?? '';
}

function mediaTypeIn(body: Buffer): string {
  try {
    const { mediaType } = JSON.parse(body.toString('utf8')) as { mediaType?: unknown };
    return typeof mediaType === 'string' ? mediaType : '';
  } catch {
    return '';
  }
}
