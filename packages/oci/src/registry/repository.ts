import { retold, SlipwayError } from '@slipway/core';

import type { BlobOptions, ContentOptions, ContentSource, ContentTarget, Manifest } from '../content/content.js';
import { verifiedContent } from '../content/content-meter.js';
import type { Descriptor } from '../content/descriptor.js';
import { digestOf, isDigest } from '../reference/digest.js';
import type { ImageReference } from '../reference/image-reference.js';
import { downloadBlob } from './blob-download.js';
import { BlobUpload, type UploadTarget } from './blob-upload.js';
import { smallBlobBytes, uploadBlob } from './blob-writer.js';
import { discard, type HttpResponse } from './http-response.js';
import { digestHeader, readManifest, untrusted } from './manifest-request.js';
import { RewindableContent } from './rewindable-content.js';
import type { RegistryRequest, RegistrySession } from './registry-session.js';
import { mergeScopes } from './scope.js';
import { skipBytes } from './skip-bytes.js';
import { listTags } from './tag-list.js';

/** What a transfer can go back in content that comes once: more than connections and proxies hold on their way. */
const windowBytes = 8 * 1024 * 1024;

/**
 * The images of one repository. Everything may be called at the same time as everything else; how much of it is the caller's choice.
 *
 * Methods throw what RegistryClient's do. Memory stays level: streaming a blob of unknown digest takes some 8 MiB, all else less.
 */
export class Repository implements ContentSource, ContentTarget {
  readonly #session: RegistrySession;
  readonly #reference: ImageReference;

  /** @param reference without tag and digest */
  constructor(session: RegistrySession, reference: ImageReference) {
    this.#session = session;
    this.#reference = reference;
  }

  /** Without the registry's host. */
  get name(): string {
    return this.#reference.repository;
  }

  async manifest(reference: string, { signal }: ContentOptions = {}): Promise<Manifest | undefined> {
    return readManifest(this.#session, this.#whole(reference), signal);
  }

  /** @throws SlipwayError `REGISTRY_FAILED` also where the blob is not there, or is not what the descriptor promises */
  async *blob(descriptor: Descriptor, { signal }: ContentOptions = {}): AsyncGenerator<Buffer, void, undefined> {
    const reference = this.#reference.withDigest(descriptor.digest);
    const request = this.#request('GET', `blobs/${descriptor.digest}`, 'pull', signal);
    const content = downloadBlob(this.#session, request, descriptor, this.#reference.name);
    yield* verifiedContent(descriptor, content, (reason) =>
      untrusted(this.#session, reference, `it sends other content: ${reason.replace(/\.$/, '')}`),
    );
  }

  async hasBlob(descriptor: Descriptor, { signal }: ContentOptions = {}): Promise<boolean> {
    return this.#has(descriptor.digest, 'pull', signal);
  }

  /** @throws SlipwayError `CONTENT_MISMATCH`, `UPLOAD_FAILED`; and what the content throws */
  async writeBlob(
    descriptor: Descriptor,
    content: () => AsyncIterable<Buffer>,
    { signal, isMissing = false }: BlobOptions = {},
  ): Promise<void> {
    // With the right to push, which is needed next: one token less.
    if (!isMissing && (await this.#has(descriptor.digest, 'pull,push', signal))) return;
    const { size, digest } = descriptor;
    const from = (offset: number): AsyncIterable<Buffer> =>
      skipBytes(
        verifiedContent(descriptor, content(), (reason) => this.#mismatch(reason)),
        offset,
      );
    await this.#upload({ size, digest, from }, signal);
  }

  /** @throws SlipwayError `UPLOAD_FAILED`; and what the content throws */
  async streamBlob(
    mediaType: string,
    content: AsyncIterable<Buffer>,
    { signal }: ContentOptions = {},
  ): Promise<Descriptor> {
    const rewindable = new RewindableContent(content, windowBytes);
    try {
      // What turns out to be small may be there already.
      await rewindable.readAhead(smallBlobBytes);
      const { digest } = rewindable;
      if (digest === undefined || !(await this.#has(digest, 'pull,push', signal))) {
        await this.#upload(rewindable, signal);
      }
    } finally {
      rewindable.close();
    }
    const { digest, size } = rewindable;
    if (digest === undefined || size === undefined) throw new Error('The content was written before its end.');
    return { mediaType, digest, size };
  }

  async mountBlob(descriptor: Descriptor, fromRepository: string, { signal }: ContentOptions = {}): Promise<boolean> {
    const { digest } = this.#reference.withDigest(descriptor.digest);
    const query = new URLSearchParams({ mount: digest ?? '', from: fromRepository });
    const own = this.#request('POST', `blobs/uploads/?${query.toString()}`, 'pull,push', signal);
    const scope = mergeScopes(own.scope, `repository:${fromRepository}:pull`);
    let response: HttpResponse;
    try {
      response = await this.#session.request({ ...own, scope });
    } catch (error) {
      // Who may not read there may still write here; who may not write here is told so when they do.
      if (SlipwayError.is(error) && ['REGISTRY_DENIED', 'REGISTRY_UNAUTHORIZED'].includes(error.code)) return false;
      throw error;
    }
    if (response.status === 202) {
      // The registry offers an upload instead.
      await (await BlobUpload.of(this.#target(signal), response)).cancel();
      return false;
    }
    const { status } = response;
    if (status >= 500 || status === 429)
      throw await this.#session.refusal(response, `writing to ${this.#reference.name}`);
    discard(response);
    return status === 201;
  }

  /**
   * Finds out whether one may push here, by an upload that is begun and cancelled.
   *
   * @returns false where the registry wants the repository to be created first
   */
  async checkPush({ signal }: ContentOptions = {}): Promise<boolean> {
    const response = await this.#session.request(this.#request('POST', 'blobs/uploads/', 'pull,push', signal));
    if (response.status === 404) {
      discard(response);
      return false;
    }
    await (await BlobUpload.of(this.#target(signal), response)).cancel();
    return true;
  }

  async writeManifest(
    mediaType: string,
    bytes: Buffer,
    tags: readonly string[],
    { signal }: ContentOptions = {},
  ): Promise<Descriptor> {
    const digest = digestOf(bytes);
    // What is written under a tag is there under its digest too.
    for (const reference of tags.length === 0 ? [digest] : tags) {
      const whole = this.#whole(reference);
      const response = await this.#session.request({
        ...this.#request('PUT', `manifests/${reference}`, 'pull,push', signal),
        headers: { 'content-type': mediaType },
        body: { length: bytes.length, content: () => once(bytes) },
      });
      if (response.status !== 201) throw await this.#session.refusal(response, `writing ${whole.toString()}`);
      discard(response);
      const told = digestHeader(response);
      if (told?.startsWith('sha256:') === true && told !== digest) {
        throw untrusted(this.#session, whole, `it stores the content of ${digest} as ${told}`);
      }
    }
    return { mediaType, digest, size: bytes.length };
  }

  /** All tags, in the registry's order; none where there is no such repository. */
  async tags({ signal }: ContentOptions = {}): Promise<string[]> {
    return listTags(this.#session, this.name, signal);
  }

  /**
   * Deletes a manifest or an index with all its tags, or a tag alone; many registries allow neither, some only the former.
   *
   * @param reference a digest or a tag
   * @returns false where there is none
   */
  async deleteManifest(reference: string, { signal }: ContentOptions = {}): Promise<boolean> {
    return this.#delete(`manifests/${reference}`, this.#whole(reference), signal);
  }

  /** @returns false where there is none */
  async deleteBlob(digest: string, { signal }: ContentOptions = {}): Promise<boolean> {
    return this.#delete(`blobs/${digest}`, this.#reference.withDigest(digest), signal);
  }

  async #delete(path: string, what: ImageReference, signal: AbortSignal | undefined): Promise<boolean> {
    const response = await this.#session.request(this.#request('DELETE', path, 'delete', signal));
    const { status } = response;
    if (status !== 404 && (status < 200 || status >= 300)) {
      const refusal = await this.#session.refusal(response, `deleting ${what.toString()}`);
      if (status !== 400 || what.tag === undefined) throw refusal;
      // Docker's registry takes whatever it is to delete for a digest.
      throw retold(refusal, { fix: 'Delete the image by its digest, with all its tags.' });
    }
    discard(response);
    return status !== 404;
  }

  async #has(digest: string, actions: string, signal: AbortSignal | undefined): Promise<boolean> {
    const { name } = this.#reference.withDigest(digest);
    const response = await this.#session.request(this.#request('HEAD', `blobs/${digest}`, actions, signal));
    if (response.status !== 200 && response.status !== 404) {
      throw await this.#session.refusal(response, `reading ${name}`);
    }
    discard(response);
    return response.status === 200;
  }

  #upload(content: Parameters<typeof uploadBlob>[1], signal: AbortSignal | undefined): Promise<void> {
    return uploadBlob(this.#target(signal), content, (digest) => this.#has(digest, 'pull,push', signal));
  }

  #target(signal: AbortSignal | undefined): UploadTarget {
    return { session: this.#session, repository: this.name, scope: `repository:${this.name}:pull,push`, signal };
  }

  #request(
    method: RegistryRequest['method'],
    path: string,
    actions: string,
    signal: AbortSignal | undefined,
  ): RegistryRequest {
    return { method, target: `/v2/${this.name}/${path}`, scope: `repository:${this.name}:${actions}`, signal };
  }

  #whole(reference: string): ImageReference {
    return isDigest(reference) ? this.#reference.withDigest(reference) : this.#reference.withTag(reference);
  }

  #mismatch(reason: string): SlipwayError {
    return new SlipwayError({
      code: 'CONTENT_MISMATCH',
      message: `Content that was to be written to ${this.#reference.name} is not what its digest promises.`,
      reason,
      fix: 'Try again; if it stays, the place that the image comes from is broken.',
    });
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield await Promise.resolve(bytes);
}
