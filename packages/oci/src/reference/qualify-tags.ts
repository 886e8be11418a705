import { UsageError } from '@slipway/core';

import { canonicalHost, dockerHub, hostPattern } from './grammar.js';
import { ImageReference } from './image-reference.js';
import { looksLikeHost, splitRest } from './reference-parts.js';

/** The part of a container registry that decides what a tag means. */
export interface TagTarget {
  /** `host[:port][/path]`, without scheme and trailing slash. */
  readonly uri: string;
  /** The repository used where no tag is given; relative to `uri`. */
  readonly defaultRepository?: string | undefined;
}

interface Place {
  readonly host: string;
  /** Empty, or components joined by slashes. */
  readonly path: string;
}

/**
 * Makes what a person writes with `-t` whole. A tag is relative to the registry's uri, unless it names a host itself: then it has to
 * lie within the uri. Without `:tag` it is `latest`. The order is kept and duplicates are left out.
 *
 * On Docker Hub names are meant as Docker means them: `hello` in `docker.io` is `library/hello`, and `acme/hello` in
 * `docker.io/acme` is not `acme/acme/hello`, which Docker Hub could not hold.
 *
 * @throws UsageError `INVALID_REFERENCE`, `REFERENCE_OUTSIDE_REGISTRY`, `MISSING_TAG`, `INVALID_REGISTRY_URI`
 */
export function qualifyTags(registry: TagTarget, tags: readonly string[]): ImageReference[] {
  const place = placeOf(registry.uri);
  const written = tags.length > 0 ? tags : [defaultRepository(registry)];
  const references = written.map((tag) => qualify(tag, place, registry.uri));
  return [...new Map(references.map((reference) => [reference.toString(), reference])).values()];
}

function placeOf(uri: string): Place {
  const slash = uri.indexOf('/');
  const host = slash < 0 ? uri : uri.slice(0, slash);
  // Every other tool would take a host without dot or port for a repository of Docker Hub, and push there.
  if (!hostPattern.test(host) || !looksLikeHost(host)) {
    throw new UsageError({
      code: 'INVALID_REGISTRY_URI',
      message: `'${uri}' does not begin with the host of a registry.`,
      reason: `'${host}' is not a host with a dot or a port, nor localhost.`,
      fix: `Write it as host[:port][/path], such as '${/^[a-z0-9-]+$/i.test(host) ? `${host}:443` : 'registry.example.com'}'.`,
    });
  }
  return { host: canonicalHost(host.toLowerCase()), path: slash < 0 ? '' : uri.slice(slash + 1) };
}

function defaultRepository(registry: TagTarget): string {
  if (registry.defaultRepository !== undefined) return registry.defaultRepository;
  throw new UsageError({
    code: 'MISSING_TAG',
    message: 'Nothing says under which name the image is to be pushed.',
    reason: `No tag is given and the container registry '${registry.uri}' has no default_repository.`,
    fix: "Name it with '-t NAME:TAG', or set one: slipway container-registry update REGISTRY --default_repository=NAME",
  });
}

function qualify(tag: string, place: Place, uri: string): ImageReference {
  const slash = tag.indexOf('/');
  const isWhole = slash >= 0 && looksLikeHost(tag.slice(0, slash)) && !tag.slice(0, slash).includes('@');
  const reference =
    isWhole || tag === '' || /^[a-z]+:\/\//i.test(tag) ? ImageReference.parse(tag) : relative(tag, place);
  if (reference.digest !== undefined) throw digestRefused(tag);
  if (!isWithin(reference, place)) throw outside(tag, uri);
  return ImageReference.of({ ...reference, registry: place.host, tag: reference.tag ?? 'latest' });
}

function relative(tag: string, place: Place): ImageReference {
  const parts = { registry: place.host, ...splitRest(tag) };
  // Judged without the uri's path first, so that a mistake is told in terms of what the person wrote.
  const alone = ImageReference.of(parts, tag);
  const repeatsOwner = place.host === dockerHub && parts.repository.startsWith(`${place.path}/`);
  if (place.path === '' || repeatsOwner) return alone;
  return ImageReference.of({ ...parts, repository: `${place.path}/${parts.repository}` });
}

function isWithin(reference: ImageReference, place: Place): boolean {
  if (canonicalHost(reference.registry.toLowerCase()) !== place.host) return false;
  return place.path === '' || reference.repository === place.path || reference.repository.startsWith(`${place.path}/`);
}

function digestRefused(tag: string): UsageError {
  return new UsageError({
    code: 'INVALID_REFERENCE',
    message: `'${tag}' cannot be the name of a new image.`,
    reason: 'It has a digest, and the digest of an image is known only once it is built.',
    fix: `Write '${tag.slice(0, tag.indexOf('@'))}'.`,
  });
}

function outside(tag: string, uri: string): UsageError {
  const relativeName = tag.slice(tag.indexOf('/') + 1);
  return new UsageError({
    code: 'REFERENCE_OUTSIDE_REGISTRY',
    message: `'${tag}' is not in the stack's container registry '${uri}'.`,
    reason: 'A build pushes to the container registry of its stack only.',
    fix: `Drop the host ('${relativeName}' is relative to '${uri}'), or put another registry into the stack: slipway stack update STACK -c REGISTRY`,
  });
}
