import type { BuildStages } from '@slipway/core';
import { assembleIndex } from './assemble-image.js';
import type { Blob, Image } from './image.js';
import type { Destination, ImageTarget } from './image-target.js';
import { inParallel } from './in-parallel.js';
import { TransferProgress } from './transfer-progress.js';

const atOnce = 4;

/** A blob that a destination does not have. */
interface Missing {
  readonly blob: Blob;
  readonly destination: Destination;
}

/**
 * Writes what is missing of the blobs of images to all repositories of a target.
 * @returns where the manifests belong now
 * @throws SlipwayError those of the target and of the sources of blobs
 */
export async function pushBlobs(
  images: readonly Image[],
  target: ImageTarget,
  stages: BuildStages,
  signal: AbortSignal | undefined,
): Promise<readonly Destination[]> {
  const destinations = await target.open();
  const [first, ...others] = destinations;
  if (first === undefined) throw new Error('There is nowhere to write to.');
  const blobs = images.flatMap(({ layers, config }) => [...layers, config]);
  const unique = [...new Map(blobs.map((blob) => [blob.descriptor.digest, blob])).values()];

  await sendMissing(await missingAt(first, unique, target, signal), stages, signal);
  for (const destination of others) {
    await sendMissing(await missingAt(destination, unique, target, signal, first.repository), stages, signal);
  }
  return destinations;
}

/**
 * Writes the manifests of images whose blobs are there, and the tags last, so that whatever breaks this off leaves no tag that leads to
 * half an image.
 * @param images one, or those of several platforms, which become an index
 * @returns the digest that the tags have
 * @throws SlipwayError those of the destinations
 */
export async function pushManifests(
  images: readonly Image[],
  destinations: readonly Destination[],
  signal: AbortSignal | undefined,
): Promise<string> {
  for (const { content } of destinations) {
    for (const { manifest } of images.length === 1 ? [] : images) {
      await content.writeManifest(manifest.descriptor.mediaType, manifest.bytes, [], { signal });
    }
  }
  const { descriptor, bytes } = images.length === 1 && images[0] ? images[0].manifest : assembleIndex(images);
  for (const { content, tags } of destinations) {
    signal?.throwIfAborted();
    await content.writeManifest(descriptor.mediaType, bytes, tags, { signal });
  }
  return descriptor.digest;
}

/**
 * The blobs that have to be sent: neither there, nor in another repository of the same registry, from where they are mounted.
 * @param sibling a repository of the registry that has them all
 */
async function missingAt(
  destination: Destination,
  blobs: readonly Blob[],
  target: ImageTarget,
  signal: AbortSignal | undefined,
  sibling?: string,
): Promise<Missing[]> {
  const { content, repository } = destination;
  const missing: Missing[] = [];
  async function look(blob: Blob, both: AbortSignal): Promise<void> {
    const { descriptor, origin } = blob;
    if (await content.hasBlob(descriptor, { signal: both })) return;
    const home = origin?.registry === target.home?.host ? origin?.repository : undefined;
    const from = sibling ?? home;
    if (from !== undefined && from !== repository && (await content.mountBlob(descriptor, from, { signal: both }))) {
      return;
    }
    missing.push({ blob, destination });
  }
  await inParallel(blobs, atOnce, look, signal);
  return missing;
}

async function sendMissing(
  missing: readonly Missing[],
  stages: BuildStages,
  signal: AbortSignal | undefined,
): Promise<void> {
  const total = missing.reduce((sum, { blob }) => sum + blob.descriptor.size, 0);
  const progress = new TransferProgress(stages, total);
  // The largest first, so that none is left to be waited for alone in the end.
  const ordered = missing.toSorted((one, other) => other.blob.descriptor.size - one.blob.descriptor.size);
  await inParallel(
    ordered,
    atOnce,
    async ({ blob, destination }, both) => {
      const content = progress.counted(() => blob.content());
      await destination.content.writeBlob(blob.descriptor, content, { signal: both, isMissing: true });
    },
    signal,
  );
}
