import type { BuildContext } from '@slipway/core';
import type { FileTree } from './file-tree.js';

/** A COPY or ADD with its variables expanded. */
export interface CopyRequest {
  readonly instruction: 'COPY' | 'ADD';
  /** Of the Dockerfile, from 1. */
  readonly line: number;
  /** Paths or patterns. */
  readonly sources: readonly string[];
  /** Files that stand in the Dockerfile itself. */
  readonly inlineFiles: readonly { readonly name: string; readonly content: string }[];
  readonly destination: string;
  /** Absolute. */
  readonly workingDirectory: string;
  readonly chown?: string | undefined;
  readonly chmod?: string | undefined;
  /** Patterns as in .dockerignore, relative to each source. */
  readonly exclude?: readonly string[] | undefined;
  /** Keep the directories above each source. */
  readonly parents?: boolean | undefined;
  /** Of ADD: whether archives are unpacked; they are unless this is false. */
  readonly unpack?: boolean | undefined;
  readonly from: CopySource;
  /** The files of the stage as they are before this instruction. */
  readonly target: FileTree;
}

export type CopySource =
  | { readonly kind: 'context'; readonly context: BuildContext; readonly tree: FileTree }
  /** `name` as the Dockerfile has it. */
  | { readonly kind: 'stage'; readonly name: string; readonly tree: FileTree };
