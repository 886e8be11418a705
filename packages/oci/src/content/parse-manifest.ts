import { isDigest } from '../reference/digest.js';
import type { Descriptor } from './descriptor.js';
import type { ImageIndex, ImageManifest } from './image.js';

/** The longest manifest or index that is read; registries keep the same limit. */
export const maximumManifestSize = 4 * 1024 * 1024;

/** True for what has a media type, a digest that can be checked, and a size. */
function isDescriptor(value: unknown): value is Descriptor {
  if (!isRecord(value)) return false;
  const { mediaType, digest, size } = value;
  return typeof mediaType === 'string' && typeof digest === 'string' && isDigest(digest) && isSize(size);
}

/** Undefined for bytes that are not the manifest of an image. */
export function parseImageManifest(bytes: Buffer): ImageManifest | undefined {
  const value = parseJson(bytes);
  if (!isRecord(value) || !isDescriptor(value['config'])) return undefined;
  const layers = listIn(value, 'layers');
  return layers?.every(isDescriptor) ? ({ ...value, layers } as unknown as ImageManifest) : undefined;
}

/** Undefined for bytes that are not an index. */
export function parseImageIndex(bytes: Buffer): ImageIndex | undefined {
  const value = parseJson(bytes);
  if (!isRecord(value)) return undefined;
  const manifests = listIn(value, 'manifests');
  return manifests?.every(isDescriptor) ? ({ ...value, manifests } as unknown as ImageIndex) : undefined;
}

/** Go writes null for a list that has nothing in it, as BuildKit does of an image without layers. */
function listIn(value: Record<string, unknown>, name: string): readonly unknown[] | undefined {
  const list = value[name] === null ? [] : value[name];
  return Array.isArray(list) ? list : undefined;
}

/** The media type that the bytes of a manifest or index name, or else have by their form; undefined for anything else. */
export function manifestMediaType(bytes: Buffer): string | undefined {
  const index = parseImageIndex(bytes);
  const manifest = index ?? parseImageManifest(bytes);
  if (manifest === undefined) return undefined;
  if (typeof manifest.mediaType === 'string') return manifest.mediaType;
  // The OCI specification allows the field to be missing; Docker's does not.
  return `application/vnd.oci.image.${index === undefined ? 'manifest' : 'index'}.v1+json`;
}

/** Undefined for what is not JSON. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
