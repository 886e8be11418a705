import type { Descriptor, ImageIndex, Platform } from '@slipway/oci';

const ociIndex = 'application/vnd.oci.image.index.v1+json';
const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json';
const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';

export interface PlatformImage {
  /** Of its manifest, as the registry has it. */
  readonly descriptor: Descriptor;
  readonly platform: Platform;
}

/**
 * The index of the images: the same for the same images, annotations and order. Of images in Docker's format it is Docker's manifest list,
 * since some clients take no mixture; only where it is annotated, which such a list cannot be, it is an OCI index.
 */
export function assembleIndex(
  images: readonly PlatformImage[],
  annotations: Readonly<Record<string, string>> = {},
): { readonly mediaType: string; readonly bytes: Buffer } {
  const isAnnotated = Object.keys(annotations).length > 0;
  const isDocker = !isAnnotated && images.every(({ descriptor }) => descriptor.mediaType === dockerManifest);
  const mediaType = isDocker ? dockerList : ociIndex;
  const sorted = Object.entries(annotations).sort(([one], [other]) => (one < other ? -1 : 1));
  const index: ImageIndex = {
    schemaVersion: 2,
    mediaType,
    manifests: images.map(({ descriptor: { mediaType: type, digest, size }, platform }) => {
      return { mediaType: type, digest, size, platform };
    }),
    ...(isAnnotated ? { annotations: Object.fromEntries(sorted) } : {}),
  };
  return { mediaType, bytes: Buffer.from(JSON.stringify(index)) };
}
