import { SlipwayError } from '@slipway/core';

import type { Manifest } from '../content/content.js';
import { digestOf, isDigest } from '../reference/digest.js';
import type { ImageReference } from '../reference/image-reference.js';
import { discard, type HttpResponse } from './http-response.js';
import { manifestMediaTypes } from './manifest-media-types.js';
import type { RegistryRequest, RegistrySession } from './registry-session.js';

/** The distribution specification's limit, which registries keep as well. */
const maximumManifestBytes = 4 * 1024 * 1024;

/** Asks for what the reference's digest, else its tag, else `latest` stands for. */
export function manifestRequest(reference: ImageReference, signal: AbortSignal | undefined): RegistryRequest {
  return {
    method: 'GET',
    target: `/v2/${reference.repository}/manifests/${reference.digest ?? reference.tag ?? 'latest'}`,
    headers: { accept: manifestMediaTypes.join(', ') },
    scope: `repository:${reference.repository}:pull`,
    signal,
  };
}

/** The manifest or index that a reference stands for, checked against every digest that speaks of it; undefined where there is none. */
export async function readManifest(
  session: RegistrySession,
  reference: ImageReference,
  signal: AbortSignal | undefined,
): Promise<Manifest | undefined> {
  const response = await session.request(manifestRequest(reference, signal));
  if (response.status === 404) {
    discard(response);
    return undefined;
  }
  if (response.status !== 200) throw await session.refusal(response, `reading ${reference.name}`);
  const bytes = await session.read(response, maximumManifestBytes, signal);
  if (bytes === undefined) {
    throw untrusted(session, reference, `its manifest is longer than ${maximumManifestBytes} bytes`);
  }
  const mediaType = [mediaTypeOf(response), mediaTypeIn(bytes)].find((type) => manifestMediaTypes.includes(type));
  if (mediaType === undefined) {
    throw untrusted(
      session,
      reference,
      `it answers with '${mediaTypeOf(response)}', which is not the manifest of an image`,
    );
  }
  for (const promised of [digestHeader(response), reference.digest]) {
    if (promised === undefined || !isDigest(promised)) continue;
    const digest = digestOf(bytes, promised.split(':')[0]);
    if (promised !== digest) {
      throw untrusted(session, reference, `it promises ${promised} and sends the content of ${digest}`);
    }
  }
  const digest = reference.digest ?? digestHeader(response) ?? '';
  return { descriptor: { mediaType, digest: isDigest(digest) ? digest : digestOf(bytes), size: bytes.length }, bytes };
}

/** The answer is not what was asked for, or contradicts itself. */
export function untrusted(session: RegistrySession, reference: ImageReference, reason: string): SlipwayError {
  return new SlipwayError({
    code: 'REGISTRY_FAILED',
    message: `The answer of the registry ${session.host} cannot be trusted.`,
    reason: `Asked for ${reference.toString()}, ${reason}.`,
    fix: 'Check that the uri of the container registry names a registry, and what lies between it and this machine.',
  });
}

export function digestHeader(response: HttpResponse): string | undefined {
  const value = response.headers['docker-content-digest'];
  return typeof value === 'string' ? value : undefined;
}

export function mediaTypeOf(response: HttpResponse): string {
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
