import type { BuildControl, BuildRequest, BuildResult, BuildTimings, BuiltImage, CacheUse } from './image-builder.js';

/** Where a build is; the last three are final. */
export type BuildState = 'queued' | 'starting' | 'uploading' | 'building' | 'succeeded' | 'failed' | 'cancelled';

/** A build, as the place where it runs or this machine's history knows it. Plain data, without secrets. */
export interface BuildRecord {
  readonly buildId: string;
  readonly state: BuildState;
  /** The name of the component that builds. */
  readonly imageBuilder: string;
  /** Who began it, by the name of the account on that machine. */
  readonly user: string;
  /** Full references with tags. */
  readonly tags: readonly string[];
  /** Whether its client left it to itself. */
  readonly detached: boolean;
  /** ISO 8601, by the clock of the place where it runs. */
  readonly createdAt: string;
  readonly endedAt?: string | undefined;
  /** `sha256:…`, of one that succeeded. */
  readonly digest?: string | undefined;
}

/** What went wrong in a build, in the shape of an error. */
export interface BuildFailure {
  readonly code: string;
  readonly message: string;
  readonly reason?: string | undefined;
  readonly fix?: string | undefined;
}

/** All that is known of one build. */
export interface BuildDetails extends BuildRecord {
  /** Of one that succeeded, in the order of the tags. */
  readonly images: readonly BuiltImage[];
  /** The stages that have ended. */
  readonly timings: BuildTimings;
  readonly cache?: CacheUse | undefined;
  readonly failure?: BuildFailure | undefined;
  /** Why it does not run yet. */
  readonly waiting?: { readonly reason: string; readonly message: string } | undefined;
  /** What the builder made for it, e.g. Kubernetes manifests; secrets' values are left out. */
  readonly resources: readonly object[];
}

/** A build that goes on without its client. */
export interface StartedBuild {
  readonly buildId: string;
  /** Full references with tags. */
  readonly tags: readonly string[];
}

export interface FollowOptions {
  readonly signal?: AbortSignal | undefined;
  /** Only so many of the lines that are there already; all unless given. */
  readonly tail?: number | undefined;
}

/**
 * What an image builder offers whose builds run elsewhere and outlive their client. All that it tells it finds where the builds run, so
 * that it works from any machine that reaches that place. An id that is not there is `UNKNOWN_BUILD`.
 */
export interface RemoteBuilds {
  /** Starts a build, and leaves it to itself once it has all that it needs. Its result is kept for a while. */
  start(request: BuildRequest, control?: BuildControl): Promise<StartedBuild>;
  /** The builds that run, and those whose result is kept; the newest first. */
  list(signal?: AbortSignal): Promise<readonly BuildRecord[]>;
  show(buildId: string, signal?: AbortSignal): Promise<BuildDetails>;
  /** The lines that the build printed; with `follow` also those that it prints, until it ends. */
  logs(buildId: string, options?: FollowOptions & { readonly follow?: boolean | undefined }): AsyncIterable<string>;
  /**
   * Follows a build to its result, as `build` does with one that it began; what a client that died would have removed is removed.
   * Aborting only ends the following: it rejects with `BUILD_GOES_ON`.
   */
  attach(buildId: string, control?: BuildControl & { readonly tail?: number | undefined }): Promise<BuildResult>;
  /** Ends a build that runs, and removes what belongs to it; of one that has ended, its kept result is removed. */
  cancel(buildId: string, signal?: AbortSignal): Promise<void>;
  /** Removes the builds of this component that have ended. @returns their ids */
  prune(signal?: AbortSignal): Promise<readonly string[]>;
}
