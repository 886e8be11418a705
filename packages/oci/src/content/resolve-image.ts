import { SlipwayError } from '@slipway/core';

import { formatPlatform } from '../platform/format-platform.js';
import { latestVariant, runsOn } from '../platform/runs-on.js';
import type { ContentOptions, ContentSource, Manifest } from './content.js';
import type { Descriptor, Platform } from './descriptor.js';
import type { ImageManifest } from './image.js';
import { parseImageIndex, parseImageManifest } from './parse-manifest.js';

export interface ResolveImageOptions extends ContentOptions {
  /**
   * Which image of an index: that of this variant, or else of the latest before it, which it runs too. Not needed where the index has one
   * image only.
   */
  readonly platform?: Platform | undefined;
}

/** The image of one platform. */
export interface ResolvedImage {
  readonly manifest: Manifest;
  /** What the manifest's bytes say. */
  readonly image: ImageManifest;
}

/**
 * The image that a tag or digest stands for, through indexes; what is not in an index is taken as it is. Undefined where there is none.
 *
 * @throws SlipwayError `PLATFORM_NOT_FOUND`, `MANIFEST_UNSUPPORTED`, and what the source throws
 */
export async function resolveImage(
  source: ContentSource,
  reference: string,
  options: ResolveImageOptions = {},
): Promise<ResolvedImage | undefined> {
  const manifest = await source.manifest(reference, options);
  if (manifest === undefined) return undefined;
  const index = parseImageIndex(manifest.bytes);
  if (index !== undefined) {
    return resolveImage(source, choose(index.manifests, options.platform, reference).digest, options);
  }
  const image = parseImageManifest(manifest.bytes);
  if (image !== undefined) return { manifest, image };
  throw new SlipwayError({
    code: 'MANIFEST_UNSUPPORTED',
    message: `What '${reference}' stands for is not an image that can be used.`,
    reason: `Its media type is ${manifest.descriptor.mediaType}.`,
    fix: 'Use an image in the format of OCI, or of Docker since version 1.10.',
  });
}

function choose(manifests: readonly Descriptor[], wanted: Platform | undefined, reference: string): Descriptor {
  // Builders put attestations beside the images, for a platform that nothing runs on.
  const images = manifests.filter(({ platform }) => platform?.os !== 'unknown');
  const matching =
    wanted === undefined ? images : images.filter(({ platform }) => platform !== undefined && runsOn(wanted, platform));
  const found = latestVariant(matching);
  if (found !== undefined && (wanted !== undefined || matching.length === 1)) return found;
  const offered = images
    .map(({ platform }) => (platform === undefined ? 'an unnamed platform' : formatPlatform(platform)))
    .join(', ');
  throw new SlipwayError({
    code: 'PLATFORM_NOT_FOUND',
    message:
      wanted === undefined
        ? `'${reference}' is an image for several platforms, and none was named.`
        : `'${reference}' has no image for ${formatPlatform(wanted)}.`,
    reason: `It has: ${offered === '' ? 'nothing' : offered}.`,
    fix: 'Name one of its platforms.',
  });
}
