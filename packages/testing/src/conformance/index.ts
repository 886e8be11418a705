export { artifactStoreChecks, type ArtifactStoreSubject } from './artifact-store-checks.js';
export type { ConformanceCheck } from './check.js';
export type { ConformanceSubject, Neighbour } from './conformance-subject.js';
export { containerRegistryChecks } from './container-registry-checks.js';
export { imageBuilderChecks, type ImageBuilderSubject } from './image-builder-checks.js';
