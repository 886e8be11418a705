import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { encodeTarEntryHeader, paddingOf, SlipwayError, tarBlockSize } from '@slipway/core';

import type { ContentOptions, ContentSource, Manifest } from '../content/content.js';
import type { Descriptor, Platform } from '../content/descriptor.js';
import { resolveImage, type ResolvedImage } from '../content/resolve-image.js';
import { partialPath, removeAbandoned } from '../files/partial-file.js';
import { referenceName } from '../layout/layout-index.js';
import type { ImageReference } from '../reference/image-reference.js';
import { archiveUnwritable } from './archive-problem.js';

export interface DockerArchiveImage extends ContentOptions {
  readonly source: ContentSource;
  /** A tag or digest of the source. */
  readonly reference: string;
  /** Which image of an index. */
  readonly platform?: Platform | undefined;
  /** What the image is to be called where the archive is loaded; one without a tag gets `latest`. */
  readonly names: readonly ImageReference[];
}

/**
 * Writes an image as a file that `docker load` takes: at level memory, the same bytes for the same image and names, and in one step, so
 * that there is never half a file; what a killed writer left of one beside it is removed. Layers stay as they are, compressed or not, and the manifest comes along as Docker 25 began to do:
 * its digest survives the way through an archive.
 *
 * @returns the descriptor of the image's manifest
 * @throws SlipwayError `IMAGE_NOT_FOUND`, `PLATFORM_NOT_FOUND`, `MANIFEST_UNSUPPORTED`, `ARCHIVE_UNWRITABLE`, and what the source throws
 */
export async function writeDockerArchive(file: string, image: DockerArchiveImage): Promise<Descriptor> {
  const resolved = await resolveImage(image.source, image.reference, image);
  if (resolved === undefined) {
    throw new SlipwayError({
      code: 'IMAGE_NOT_FOUND',
      message: `There is no image '${image.reference}' to write into an archive.`,
      fix: 'Check its tag or digest.',
    });
  }
  checkDigests(resolved, image.reference);
  const path = resolve(file);
  await removeAbandoned(dirname(path), basename(path));
  const temporary = await partialPath(dirname(path), basename(path));
  try {
    await fill(temporary, path, archiveContent(resolved, image));
    await rename(temporary, path).catch((error: unknown) => {
      throw archiveUnwritable(path, error);
    });
  } finally {
    await rm(temporary, { force: true });
  }
  return resolved.manifest.descriptor;
}

/** Docker knows one algorithm only. */
function checkDigests({ manifest, image: { config, layers } }: ResolvedImage, reference: string): void {
  const other = [manifest.descriptor, config, ...layers].find(({ digest }) => !digest.startsWith('sha256:'));
  if (other === undefined) return;
  throw new SlipwayError({
    code: 'MANIFEST_UNSUPPORTED',
    message: `The image '${reference}' cannot be written into a Docker archive.`,
    reason: `Docker reads digests of sha256 alone, and the image has ${other.digest}.`,
    fix: 'Copy it into an OCI layout instead.',
  });
}

async function fill(temporary: string, path: string, content: AsyncIterable<Buffer>): Promise<void> {
  const unwritable = (error: unknown): never => {
    throw archiveUnwritable(path, error);
  };
  const file = await open(temporary, 'wx').catch(unwritable);
  try {
    for await (const chunk of content) await file.writeFile(chunk).catch(unwritable);
  } catch (error) {
    await file.close().catch(() => undefined);
    throw error;
  }
  // A disk of the network may say only now that it is full.
  await file.close().catch(unwritable);
}

async function* archiveContent(
  { manifest, image: { config, layers } }: ResolvedImage,
  { source, names, signal }: DockerArchiveImage,
): AsyncGenerator<Buffer, void, undefined> {
  const tagged = names.map((name) => name.withTag(name.tag ?? 'latest'));
  const entry = {
    Config: pathOf(config),
    RepoTags: tagged.map(({ name, tag }) => `${name}:${tag}`),
    Layers: layers.map(pathOf),
  };
  yield* tarFile('oci-layout', Buffer.from(JSON.stringify({ imageLayoutVersion: '1.0.0' })));
  yield* tarFile('index.json', Buffer.from(JSON.stringify(indexOf(manifest, tagged))));
  yield* tarFile('manifest.json', Buffer.from(JSON.stringify([entry])));
  yield* tarFile(pathOf(manifest.descriptor), manifest.bytes);
  // An image may have the same layer more than once.
  for (const blob of new Map([config, ...layers].map((descriptor) => [descriptor.digest, descriptor])).values()) {
    signal?.throwIfAborted();
    yield fileHeader(pathOf(blob), blob.size);
    yield* source.blob(blob, { signal });
    yield Buffer.alloc(paddingOf(blob.size));
  }
  yield Buffer.alloc(2 * tarBlockSize);
}

function* tarFile(name: string, content: Buffer): Generator<Buffer> {
  yield Buffer.concat([fileHeader(name, content.length), content, Buffer.alloc(paddingOf(content.length))]);
}

function indexOf({ descriptor: { mediaType, digest, size } }: Manifest, names: readonly ImageReference[]): object {
  const manifests = names.map(({ name, tag }) => ({
    mediaType,
    digest,
    size,
    // Docker's own tools read the first, as it holds the whole name.
    annotations: { 'io.containerd.image.name': `${name}:${tag}`, [referenceName]: tag },
  }));
  return {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: names.length === 0 ? [{ mediaType, digest, size }] : manifests,
  };
}

function pathOf({ digest }: Descriptor): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** The header of a plain file that anybody may read: the same for the same name and size. */
function fileHeader(path: string, size: number): Buffer {
  return encodeTarEntryHeader({ path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size });
}
