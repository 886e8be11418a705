import { SlipwayError } from '@slipway/core';

import { givenAddress } from './given-address.js';
import type { HttpMethod } from './http-connections.js';
import { discard, type HttpResponse } from './http-response.js';
import type { RequestBody } from './request-body.js';
import type { RegistrySession } from './registry-session.js';
import { longestWaitMs, retryAfterMs } from './retry.js';

/** Where uploads go to, and who may abort them. */
export interface UploadTarget {
  readonly session: RegistrySession;
  /** Without the registry's host. */
  readonly repository: string;
  /** What a token has to allow. */
  readonly scope: string;
  readonly signal: AbortSignal | undefined;
}

/** A failure after which the same upload, or a new one, may do better. Its cause is what to tell where it does not. */
export class BrokenTransfer extends Error {
  /** How long the registry asks to wait. */
  readonly delayMs: number | undefined;

  constructor(cause: SlipwayError, delayMs?: number) {
    super(cause.message, { cause });
    this.delayMs = delayMs;
  }
}

/** The registry takes this long to forget an upload, or else forgets it by itself some day. */
const cancelTimeoutMs = 2_000;

/** One upload as the registry knows it: its address, which changes with every answer, and how far it is. */
export class BlobUpload {
  readonly #target: UploadTarget;
  #location: URL;
  #offset = 0;
  #isResumed = false;

  private constructor(target: UploadTarget, location: URL) {
    this.#target = target;
    this.#location = location;
  }

  static async start(target: UploadTarget): Promise<BlobUpload> {
    const { session, repository, scope, signal } = target;
    const path = `/v2/${repository}/blobs/uploads/`;
    const response = await session.request({ method: 'POST', target: path, scope, signal });
    return BlobUpload.of(target, response);
  }

  /** The upload that an answer offers. */
  static async of(target: UploadTarget, response: HttpResponse): Promise<BlobUpload> {
    const { session, repository } = target;
    const { location } = response.headers;
    if (response.status !== 202) throw await session.refusal(response, `writing to ${session.host}/${repository}`);
    discard(response);
    if (location !== undefined) return new BlobUpload(target, givenAddress(response.url, location));
    throw new SlipwayError({
      code: 'REGISTRY_FAILED',
      message: `The registry ${session.host} failed at writing to ${session.host}/${repository}.`,
      reason: 'It starts an upload and does not say where to.',
      fix: 'Check that the uri of the container registry names a registry.',
    });
  }

  /** How many bytes the registry had when this upload began or was resumed. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Sends what follows after `offset`.
   *
   * Without a length and in one request, as Docker does it: some registries limit the length of requests that announce one.
   *
   * @throws BrokenTransfer
   */
  async append(content: () => AsyncIterable<Buffer>): Promise<void> {
    const response = await this.#send('PATCH', this.#location, { content });
    if (response.status !== 202) throw await this.#broken(response);
    this.#moveTo(response);
  }

  /**
   * Ends the upload, with what follows after `offset` where there is something left to be sent.
   *
   * @throws BrokenTransfer
   */
  async complete(digest: string, body?: RequestBody): Promise<void> {
    const url = new URL(this.#location);
    // Not through searchParams, which would write the registry's own parameters in another way than it did.
    url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`;
    const response = await this.#send('PUT', url, body);
    if (response.status !== 201 && response.status !== 204) throw await this.#broken(response);
    discard(response);
  }

  /** Asks how far the registry is; false where the upload cannot go on. */
  async resume(): Promise<boolean> {
    const { session, scope, signal } = this.#target;
    const response = await session.request({ method: 'GET', target: this.#location, scope, signal });
    const range = /^(?:bytes=)?0-(\d+)$/.exec(response.headers.range ?? '');
    if (response.status !== 204 || range === null) {
      discard(response);
      return false;
    }
    this.#moveTo(response);
    // Registries say `0-0` of an upload that has nothing.
    this.#offset = range[1] === '0' ? 0 : Number(range[1]) + 1;
    this.#isResumed = true;
    return true;
  }

  /** Tells the registry that nothing more comes. It is a courtesy: whether it succeeds does not matter. */
  async cancel(): Promise<void> {
    const { session, scope } = this.#target;
    const signal = AbortSignal.timeout(cancelTimeoutMs);
    const request = { method: 'DELETE', target: this.#location, scope, isOnce: true, signal } as const;
    await session.request(request).then(discard, () => undefined);
  }

  async #send(method: HttpMethod, target: URL, body: RequestBody | undefined): Promise<HttpResponse> {
    const { session, scope, signal } = this.#target;
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/octet-stream' };
    return session.request({ method, target, headers, body, scope, isOnce: true, signal });
  }

  #moveTo(response: HttpResponse): void {
    const { location } = response.headers;
    discard(response);
    if (location !== undefined) this.#location = givenAddress(response.url, location);
  }

  async #broken(response: HttpResponse): Promise<Error> {
    const { session, repository } = this.#target;
    const delay = retryAfterMs(response);
    const refusal = await session.refusal(response, `writing to ${session.host}/${repository}`);
    const { status } = response;
    // It lost the upload, or sees it at another place than we do.
    const isLost = status === 404 || status === 416 || (status === 400 && this.#isResumed);
    const isBusy = status === 408 || status === 429 || status >= 500;
    if (isLost || (isBusy && (delay ?? 0) <= longestWaitMs)) return new BrokenTransfer(refusal, delay);
    return refusal;
  }
}
