/** What the system said of a file before it was read: as long as that stays, so does the content. */
export interface FileState {
  /** Where it lies, its size, and the times of its content's and of its inode's last change. */
  readonly identity: string;
  /** Whether those times lie so far back that a change since then would show in them. */
  readonly settled: boolean;
}

/** One entry of a build context. */
export interface ContextEntry {
  /** Relative to the context directory, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink';
  /** In bytes; 0 for all but files. */
  readonly size: number;
  /** Whether the owner may execute the file; false for all but files. */
  readonly executable: boolean;
  /** What a symlink points to, as it stands in the link; undefined for all but symlinks. */
  readonly target?: string;
  /** True for what the ignore file leaves out and a builder may still need to read: the Dockerfile, the ignore file. No COPY sees it. */
  readonly ignored?: true;
  /** Of a file that was walked. */
  readonly state?: FileState;
}

export interface TarOptions {
  /** Ends the archive with the signal's reason as error. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes of file content are packed so far; reaches the context's `totalBytes`. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** The files that a build may use: a directory less what its ignore file leaves out. */
export interface BuildContext {
  /** Absolute path of the context directory, symlinks resolved. */
  readonly directory: string;
  /** Path of the Dockerfile, relative to the context, with `/`. */
  readonly dockerfile: string;
  /** Path of the ignore file in use, relative to the context, with `/`; undefined where there is none. */
  readonly ignoreFile: string | undefined;
  /** Sorted by the bytes of their paths, so that a directory comes before what is in it. */
  readonly entries: readonly ContextEntry[];
  /** Sum of the sizes of all files. */
  readonly totalBytes: number;
  /** Paths of sockets, pipes and devices, which a context cannot hold and which are left out. */
  readonly skipped: readonly string[];
  /**
   * The context as an uncompressed tar archive, read while it is pulled, at level memory. The same content gives the same bytes on every
   * machine: owners, times and all permissions but "the owner may execute" are left out.
   * @throws SlipwayError CONTEXT_FILE_CHANGED, CONTEXT_FILE_UNREADABLE
   */
  tar(options?: TarOptions): AsyncGenerator<Buffer, void, undefined>;
}
