import type { Descriptor, HistoryEntry, ImageConfig, ImageManifest } from '@slipway/oci';
import { digestOf } from '@slipway/oci';
import type { BaseImage } from './base-images.js';
import type { BuiltStage } from './built-stage.js';
import type { Blob, Document, Image } from './image.js';

const types = {
  config: 'application/vnd.oci.image.config.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
};

// The bytes of a layer are the same whoever named it. All of an image is OCI's, whatever its base was: registries and runtimes take either
// but some refuse a mixture, and one build always makes one kind.
const layerTypes: Readonly<Record<string, string>> = {
  'application/vnd.docker.image.rootfs.diff.tar': 'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.docker.image.rootfs.diff.tar.gzip': 'application/vnd.oci.image.layer.v1.tar+gzip',
  'application/vnd.docker.image.rootfs.diff.tar.zstd': 'application/vnd.oci.image.layer.v1.tar+zstd',
};

/** A layer of this build. */
interface MadeLayer extends Blob {
  readonly diffId: string;
}

/** What a build says of its image beside the Dockerfile. */
export interface ImageDetails {
  /** As RFC 3339 has it. */
  readonly created: string;
  /** Of the manifest. */
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * The image that a stage is, for which its layers are made where the cache does not know them: its layers above those of its base, its
 * configuration, and the manifest that names them.
 * @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
 */
export async function assembleImage(
  stage: BuiltStage,
  { created, annotations }: ImageDetails,
  signal: AbortSignal | undefined,
): Promise<Image> {
  const own: MadeLayer[] = [];
  for (const { layer } of stage.steps) {
    if (layer !== undefined) own.push({ ...(await layer.digests()), content: () => layer.content() });
  }
  const layers = [...baseLayers(stage.base, signal), ...own];
  const configDocument = toDocument(types.config, imageConfig(stage, own, created));
  const manifest: ImageManifest = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: configDocument.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations: sortedByName(annotations) }),
  };
  return {
    // An image that is made for an earlier variant is found in an index as what was asked for, beside others upon the same base.
    platform: stage.wantedPlatform,
    layers,
    config: { descriptor: configDocument.descriptor, content: () => once(configDocument.bytes) },
    manifest: toDocument(types.manifest, manifest),
  };
}

/** The index of images of several platforms. */
export function assembleIndex(images: readonly Image[]): Document {
  const manifests = images.map(({ manifest, platform }) => ({ ...manifest.descriptor, platform }));
  return toDocument(types.index, { schemaVersion: 2, mediaType: types.index, manifests });
}

function baseLayers(base: BaseImage | undefined, signal: AbortSignal | undefined): Blob[] {
  if (base === undefined) return [];
  return base.image.layers.map((layer) => {
    const { mediaType, digest, size } = layer;
    return {
      descriptor: { mediaType: layerTypes[mediaType] ?? mediaType, digest, size },
      content: () => base.source.blob(layer, { signal }),
      origin: base.reference,
    };
  });
}

function imageConfig(stage: BuiltStage, own: readonly MadeLayer[], created: string): ImageConfig {
  const { base, platform, author } = stage;
  const { architecture, os, variant } = platform;
  const version = base?.config['os.version'];
  return {
    created,
    ...(author === undefined ? {} : { author }),
    architecture,
    os,
    ...(variant === undefined ? {} : { variant }),
    ...(version === undefined ? {} : { 'os.version': version }),
    config: stage.config,
    rootfs: { type: 'layers', diff_ids: [...(base?.config.rootfs.diff_ids ?? []), ...own.map(({ diffId }) => diffId)] },
    history: [...baseHistory(base), ...ownHistory(stage, created)],
  };
}

function ownHistory({ steps }: BuiltStage, created: string): HistoryEntry[] {
  return steps.map(({ createdBy, layer }) => ({
    created,
    created_by: createdBy,
    ...(layer === undefined ? { empty_layer: true } : {}),
  }));
}

/** Tools match entries and layers one by one: where a base's do not match, each of its layers gets an entry that says nothing. */
function baseHistory(base: BaseImage | undefined): readonly HistoryEntry[] {
  if (base === undefined) return [];
  const { history = [], rootfs } = base.config;
  const described = history.filter(({ empty_layer: empty }) => empty !== true).length;
  return described === rootfs.diff_ids.length ? history : rootfs.diff_ids.map(() => ({}));
}

function toDocument(mediaType: string, content: object): Document {
  const bytes = Buffer.from(JSON.stringify(content));
  const descriptor: Descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
  return { descriptor, bytes };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield await Promise.resolve(bytes);
}

/** Whatever order they were given in, it is the same image. */
function sortedByName(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).sort(([one], [other]) => (one < other ? -1 : 1)));
}
