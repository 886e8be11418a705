/** A file of a build context: its content, or what else it is. */
export type ContextFile =
  | string
  /** `mode` is 0644 unless given. */
  | { readonly content: string; readonly mode: number }
  | { readonly symlink: string }
  | { readonly directory: true }
  /** A tar archive with these entries. */
  | { readonly archive: readonly ArchiveMember[]; readonly compression?: Compression };

/** Names of the commands that compress. */
export type Compression = 'gzip' | 'bzip2' | 'xz' | 'zstd';

/** An entry of an archive, as tar has it. */
export interface ArchiveMember {
  readonly name: string;
  readonly type?: 'file' | 'directory' | 'symlink' | 'link';
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly linkname?: string;
  readonly content?: string;
}

/** Builders that ours is held against. */
export type Oracle = 'buildah' | 'kaniko';

/** Where another builder makes something else of the same context, and why ours is as it is. */
export interface KnownDifference {
  readonly of: Oracle;
  /** A sentence of docs/flavors/direct.md. */
  readonly reason: string;
  /**
   * By what differs, a path of the image (`/app/a.txt`) or a field of its configuration (`config.Env`): what ours has and what the other's has;
   * undefined where it has nothing.
   */
  readonly found: Readonly<Record<string, readonly [ours: string | undefined, theirs: string | undefined]>>;
}

/** A Dockerfile and its context, of which all builders should make the same image. */
export interface EquivalenceCase {
  readonly name: string;
  /** Lines; `{base}` and `{trigger}` stand for the references of the base images. */
  readonly dockerfile: readonly string[];
  readonly files?: Readonly<Record<string, ContextFile>>;
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Other builders that cannot build it at all, and why. */
  readonly unsupported?: Readonly<Partial<Record<Oracle, string>>>;
  readonly differences?: readonly KnownDifference[];
}
