import type { ContainerConfig, Platform } from '@slipway/oci';
import type { FileTree, Layer } from '../files/index.js';
import type { BaseImage } from './base-images.js';

/** An instruction that has been carried out, as the image's history tells it. */
export interface StageStep {
  /** From 1; of the trigger of a base, the line of the FROM. */
  readonly line: number;
  readonly createdBy: string;
  /** Undefined where it changed no files. */
  readonly layer: Layer | undefined;
}

/** A stage after its last instruction. */
export interface BuiltStage {
  /** The image that it, or the stage it is based on, began with; undefined for `scratch`. */
  readonly base: BaseImage | undefined;
  /** With those of the stage that it is based on. */
  readonly steps: readonly StageStep[];
  readonly files: FileTree;
  readonly config: ContainerConfig;
  /** The values of its ARGs, which stages based on it inherit. */
  readonly arguments: ReadonlyMap<string, string>;
  readonly author: string | undefined;
  /** What it is for: that of its base image, which may be for one platform alone. */
  readonly platform: Platform;
  /** What it was to be for. */
  readonly wantedPlatform: Platform;
}
