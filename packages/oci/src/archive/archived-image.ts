import { ContentMeter } from '../content/content-meter.js';
import type { Manifest } from '../content/content.js';
import type { Descriptor } from '../content/descriptor.js';
import {
  isRecord,
  maximumManifestSize,
  parseImageIndex,
  parseImageManifest,
  parseJson,
} from '../content/parse-manifest.js';
import { digestOf, isDigest, isDigestOf } from '../reference/digest.js';
import { archiveInvalid } from './archive-problem.js';
import type { TarFile, TarIndex } from './tar-index.js';

/** One entry of an archive's `manifest.json`. */
export interface ArchiveEntry {
  readonly Config: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Layers: readonly string[];
}

/** An image of the archive, and where what it points to lies. */
export interface ArchivedImage {
  readonly manifest: Manifest;
  readonly blobs: ReadonlyMap<string, TarFile>;
}

const layerType = 'application/vnd.oci.image.layer.v1.tar';

/**
 * The image of an entry: with its own manifest where the archive holds that too, as Docker 25 began to do, else with one that is made of
 * what the entry names.
 *
 * @param manifests what `manifestsIn` finds
 * @throws SlipwayError `ARCHIVE_INVALID`
 */
export async function archivedImage(
  tar: TarIndex,
  entry: ArchiveEntry,
  manifests: readonly Manifest[],
): Promise<ArchivedImage> {
  const file = fileOf(tar, entry.Config);
  const bytes = await tar.bytes(file, maximumManifestSize);
  const diffIds = bytes === undefined ? undefined : diffIdsOf(bytes);
  if (bytes === undefined || diffIds === undefined) {
    throw archiveInvalid(tar.path, `'${entry.Config}' is not the configuration of an image.`);
  }
  const digest = digestOf(bytes, digestInPath(entry.Config)?.split(':')[0]);
  if (digestInPath(entry.Config) !== undefined && digestInPath(entry.Config) !== digest) {
    throw archiveInvalid(tar.path, `What should be ${digestInPath(entry.Config)} is the content of ${digest}.`);
  }
  const own = manifests.find((manifest) => parseImageManifest(manifest.bytes)?.config.digest === digest);
  if (own !== undefined) return { manifest: own, blobs: new Map() };
  if (diffIds.length !== entry.Layers.length) {
    throw archiveInvalid(
      tar.path,
      `An image has ${entry.Layers.length} layers, and ${diffIds.length} in its configuration.`,
    );
  }
  const blobs = new Map([[digest, file]]);
  const layers: Descriptor[] = [];
  for (const [index, path] of entry.Layers.entries()) {
    const layer = await describeLayer(tar, path, diffIds[index] ?? '');
    blobs.set(layer.digest, fileOf(tar, path));
    layers.push(layer);
  }
  const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: bytes.length };
  return { manifest: makeManifest(config, layers), blobs };
}

/** The digest that a file of a layout has in its name. */
function digestInPath(path: string): string | undefined {
  const [, algorithm, hex] = /(?:^|\/)blobs\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const digest = `${algorithm}:${hex}`;
  return isDigest(digest) ? digest : undefined;
}

/** The manifests of images that the archive's own layout leads to, as far as they and their layers are in it. */
export async function manifestsIn(tar: TarIndex): Promise<Manifest[]> {
  const found: Manifest[] = [];
  // Each index once: in an archive made to do harm, few may lead to each other on more ways than anybody could go.
  const seen = new Set<string>();
  const pending = [tar.file('index.json')].filter((file) => file !== undefined);
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    const bytes = await tar.bytes(file, maximumManifestSize);
    for (const { mediaType, digest, size } of (bytes && parseImageIndex(bytes)?.manifests) ?? []) {
      if (seen.has(digest)) continue;
      seen.add(digest);
      const blob = blobFile(tar, digest);
      if (blob === undefined) continue;
      const content = await tar.bytes(blob, maximumManifestSize);
      if (content?.length !== size || !isDigestOf(digest, content)) continue;
      const image = parseImageManifest(content);
      const isWhole = image?.layers.every((layer) => blobFile(tar, layer.digest) !== undefined);
      if (isWhole) found.push({ descriptor: { mediaType, digest, size }, bytes: content });
      if (image === undefined) pending.push(blob);
    }
  }
  return found;
}

export function blobFile(tar: TarIndex, digest: string): TarFile | undefined {
  return isDigest(digest) ? tar.file(`blobs/${digest.replace(':', '/')}`) : undefined;
}

async function describeLayer(tar: TarIndex, path: string, diffId: string): Promise<Descriptor> {
  const file = fileOf(tar, path);
  const suffix = await compressionOf(tar, file);
  // A layer that is not compressed has its digest in the configuration; that saves reading it now.
  const known = digestInPath(path) ?? (suffix === '' ? diffId : undefined);
  if (known !== undefined) return { mediaType: layerType + suffix, digest: known, size: file.size };
  const meter = new ContentMeter();
  for await (const chunk of tar.content(file)) meter.add(chunk);
  return { mediaType: layerType + suffix, digest: meter.digest(), size: file.size };
}

async function compressionOf(tar: TarIndex, { offset, size }: TarFile): Promise<'' | '+gzip' | '+zstd'> {
  const start = (await tar.bytes({ offset, size: Math.min(size, 4) }, 4))?.toString('hex') ?? '';
  if (start.startsWith('1f8b')) return '+gzip';
  return start === '28b52ffd' ? '+zstd' : '';
}

function makeManifest(config: Descriptor, layers: readonly Descriptor[]): Manifest {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config, layers }));
  return { descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length }, bytes };
}

function diffIdsOf(config: Buffer): string[] | undefined {
  const value = parseJson(config);
  const rootfs = isRecord(value) ? value['rootfs'] : undefined;
  const ids: unknown = isRecord(rootfs) ? (rootfs['diff_ids'] ?? []) : undefined;
  const isValid = Array.isArray(ids) && ids.every((id): id is string => typeof id === 'string' && isDigest(id));
  return isValid ? ids : undefined;
}

function fileOf(tar: TarIndex, path: string): TarFile {
  const file = tar.file(path);
  if (file === undefined) throw archiveInvalid(tar.path, `'${path}' is missing in it.`);
  return file;
}
