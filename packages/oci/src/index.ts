export { ImageReference } from './reference/image-reference.js';
export { digestOf, isDigest, isDigestOf } from './reference/digest.js';
export { qualifyTags, type TagTarget } from './reference/qualify-tags.js';
export { RegistryClient, type ManifestDescriptor, type RegistryClientOptions } from './registry/registry-client.js';
export { checkRegistry } from './registry/check-registry.js';
export { type Repository } from './registry/repository.js';
export { manifestMediaTypes } from './registry/manifest-media-types.js';
export { proxyFor } from './registry/proxy-environment.js';
export { OciLayout } from './layout/oci-layout.js';
export { DockerArchive } from './archive/docker-archive.js';
export { writeDockerArchive, type DockerArchiveImage } from './archive/write-docker-archive.js';
export { resolveImage, type ResolvedImage, type ResolveImageOptions } from './content/resolve-image.js';
export { parseImageConfig } from './content/parse-image-config.js';
export { parseImageIndex, parseImageManifest } from './content/parse-manifest.js';
export { decodePaxRecords, decodeTarHeader } from './archive/tar-header.js';
export { formatPlatform } from './platform/format-platform.js';
export { machinePlatform } from './platform/machine-platform.js';
export { normalizePlatform } from './platform/normalize-platform.js';
export { parsePlatform, parsePlatforms } from './platform/parse-platform.js';
export { runsOn } from './platform/runs-on.js';
export { DockerCredentials } from './credentials/docker-credentials.js';
export { registryLogin } from './credentials/registry-login.js';
export type { RegistryLogin } from './credentials/docker-config-file.js';
export { hostAuthorities } from './credentials/host-authorities.js';
export type { ContentOptions, ContentSource, ContentTarget, Manifest } from './content/content.js';
export type { Descriptor, Platform } from './content/descriptor.js';
export type {
  ContainerConfig,
  HealthCheck,
  HistoryEntry,
  ImageConfig,
  ImageIndex,
  ImageManifest,
} from './content/image.js';
