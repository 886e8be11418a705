import type { ArtifactStore, BuildContext, ComponentInfo, ContainerRegistry } from '@slipway/core';
import type { KanikoConfiguration } from '../configuration/kaniko-configuration.js';

/** What a build uses beside its request. */
export interface KanikoBuildInput {
  readonly info: ComponentInfo;
  readonly configuration: KanikoConfiguration;
  readonly registry: ContainerRegistry;
  /** Set where the context goes through the artifact store. */
  readonly artifactStore: ArtifactStore | undefined;
  /** Set where it is one platform's part of a build for several. */
  readonly part?: BuildPart | undefined;
}

/** One platform's share of a build for several. */
interface BuildPart {
  /** Its own. */
  readonly id: string;
  /** The id of the whole. */
  readonly whole: string;
  /** What all parts are built from. */
  readonly context: BuildContext;
}
