export { ImageReference } from './reference/image-reference.js';
export { digestOf, isDigest } from './reference/digest.js';
export { qualifyTags, type TagTarget } from './reference/qualify-tags.js';
export { RegistryClient, type ManifestDescriptor, type RegistryClientOptions } from './registry/registry-client.js';
export { manifestMediaTypes } from './registry/manifest-media-types.js';
export { proxyFor } from './registry/proxy-environment.js';
