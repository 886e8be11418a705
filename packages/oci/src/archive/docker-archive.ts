import { resolve } from 'node:path';
import { UsageError } from '@slipway/core';

import { verifiedContent } from '../content/content-meter.js';
import type { ContentOptions, ContentSource, Manifest } from '../content/content.js';
import type { Descriptor } from '../content/descriptor.js';
import { isRecord, maximumManifestSize, parseJson } from '../content/parse-manifest.js';
import { referenceName } from '../layout/layout-index.js';
import { ImageReference } from '../reference/image-reference.js';
import { archiveInvalid } from './archive-problem.js';
import { archivedImage, blobFile, manifestsIn, type ArchivedImage, type ArchiveEntry } from './archived-image.js';
import { TarIndex, type TarFile } from './tar-index.js';

interface NamedImage extends ArchivedImage {
  readonly names: readonly string[];
}

/**
 * The images of a file that `docker save` wrote, or another tool in its format: uncompressed, and not changed while it is used. Opening
 * it reads its headers and manifests; layers are read where they are asked for.
 */
export class DockerArchive implements ContentSource {
  readonly #tar: TarIndex;
  readonly #images: readonly NamedImage[];

  private constructor(tar: TarIndex, images: readonly NamedImage[]) {
    this.#tar = tar;
    this.#images = images;
  }

  /** @throws SlipwayError `ARCHIVE_INVALID`, `ARCHIVE_UNREADABLE` */
  static async open(file: string): Promise<DockerArchive> {
    const tar = await TarIndex.read(resolve(file));
    const entries = await entriesOf(tar);
    const manifests = await manifestsIn(tar);
    const images: NamedImage[] = [];
    for (const entry of entries) {
      images.push({ ...(await archivedImage(tar, entry, manifests)), names: (entry.RepoTags ?? []).map(wholeName) });
    }
    return new DockerArchive(tar, images);
  }

  /** Its images, one for each name, which is the annotation `org.opencontainers.image.ref.name`: `registry/repository:tag`. */
  descriptors(): readonly Descriptor[] {
    return this.#images.flatMap(({ manifest: { descriptor }, names }) =>
      names.length === 0
        ? [descriptor]
        : names.map((name) => ({ ...descriptor, annotations: { [referenceName]: name } })),
    );
  }

  /**
   * @param reference a digest; or a name with its tag, for an archive's tags are whole names: `docker.io/library/hello:1`, or `hello:1`
   */
  manifest(reference: string, options: ContentOptions = {}): Promise<Manifest | undefined> {
    options.signal?.throwIfAborted();
    const name = wholeName(reference);
    const image = this.#images.find(
      ({ manifest, names }) => manifest.descriptor.digest === reference || names.includes(name),
    );
    return Promise.resolve(image?.manifest);
  }

  /** @throws SlipwayError `ARCHIVE_INVALID`, `ARCHIVE_UNREADABLE` */
  async *blob(descriptor: Descriptor, options: ContentOptions = {}): AsyncGenerator<Buffer, void, undefined> {
    const file = this.#file(descriptor.digest);
    if (file === undefined) throw archiveInvalid(this.#tar.path, `${descriptor.digest} is missing in it.`);
    const content = this.#tar.content(file, options.signal);
    yield* verifiedContent(descriptor, content, (reason) => archiveInvalid(this.#tar.path, reason));
  }

  #file(digest: string): TarFile | undefined {
    const made = this.#images.map(({ blobs }) => blobs.get(digest)).find((file) => file !== undefined);
    return made ?? blobFile(this.#tar, digest);
  }
}

async function entriesOf(tar: TarIndex): Promise<readonly ArchiveEntry[]> {
  const file = tar.file('manifest.json');
  if (file === undefined) {
    const isLayout = tar.file('oci-layout') !== undefined;
    const fix = isLayout ? 'Unpack it into a folder, which is then an OCI layout.' : undefined;
    throw archiveInvalid(tar.path, 'It has no file manifest.json.', fix);
  }
  const bytes = await tar.bytes(file, maximumManifestSize);
  const entries = bytes === undefined ? undefined : parseJson(bytes);
  if (Array.isArray(entries) && entries.every(isEntry)) return entries;
  throw archiveInvalid(tar.path, 'Its manifest.json is not a list of images.');
}

function isEntry(value: unknown): value is ArchiveEntry {
  if (!isRecord(value)) return false;
  const { Config: config, RepoTags: tags, Layers: layers } = value;
  return typeof config === 'string' && isTexts(layers) && (tags === undefined || tags === null || isTexts(tags));
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

/** What is no reference stands for itself. */
function wholeName(name: string): string {
  try {
    const reference = ImageReference.parse(name);
    return (reference.tag === undefined ? reference.withTag('latest') : reference).toString();
  } catch (error) {
    if (error instanceof UsageError) return name;
    throw error;
  }
}
