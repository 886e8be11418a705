import type { BuildEvent } from './build-event.js';
import type { RemoteBuilds } from './remote-builds.js';
import type { RbacOptions } from './rbac.js';
import type { StackComponent } from './stack-component.js';

/** What to build. */
export interface BuildRequest {
  /** The folder that is the build context. */
  readonly contextDirectory: string;
  /** Path of the Dockerfile, relative to the context; `Dockerfile` unless given. */
  readonly dockerfile?: string | undefined;
  /**
   * References with tags, as a person writes them: relative to the stack's registry (`demo/hello:1`) or whole and within it.
   * Empty: the registry's default repository.
   */
  readonly tags: readonly string[];
  /** Values for the Dockerfile's ARGs, by name. */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  /** Labels of the image, beside those of the Dockerfile, which they replace. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Annotations of the image's manifest, by key. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** What a `RUN --mount=type=secret` may read while the image is built; never part of the image. */
  readonly secrets?: readonly BuildSecret[] | undefined;
  /** Whether layers of earlier builds may be used, and kept for later ones; the builder's own setting unless given. */
  readonly cache?: boolean | undefined;
  /** The stage to build, by name or number; the last unless given. */
  readonly target?: string | undefined;
  /** What the image is for, as `os/architecture[/variant]`; the builder's own unless given. Several make an index. */
  readonly platforms?: readonly string[] | undefined;
  /** Identifies this build, in names and labels; lower-case letters, digits and `-`; random unless given. */
  readonly buildId?: string | undefined;
}

/** A secret of one build, known to the Dockerfile by its id. */
export interface BuildSecret {
  readonly id: string;
  readonly value: Uint8Array;
}

/** What surrounds a build: cancellation, and where its events go. */
export interface BuildControl {
  /** Aborted to cancel the build; it then cleans up and rejects with `BUILD_CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: BuildEvent) => void) | undefined;
}

export interface BuiltImage {
  /** `registry/repository:tag`. */
  readonly tag: string;
  /** `registry/repository:tag@sha256:…`. */
  readonly reference: string;
}

/** The stages of a build as they ended, in their order. */
export type BuildTimings = readonly { readonly stage: string; readonly milliseconds: number }[];

/** How often a builder's cache had what an instruction makes, and how often it had not. */
export interface CacheUse {
  readonly hits: number;
  readonly misses: number;
}

export interface BuildResult {
  readonly buildId: string;
  /** `sha256:…` of the image's manifest. */
  readonly digest: string;
  /** In the order of the request's tags. */
  readonly images: readonly BuiltImage[];
  readonly timings: BuildTimings;
  /** Undefined where no cache was used. */
  readonly cache?: CacheUse | undefined;
}

/** What a builder would do, as data. */
export interface BuildPlan {
  readonly buildId: string;
  /** Full references with tags, in the order of the request. */
  readonly tags: readonly string[];
  /** What the builder would create, e.g. Kubernetes manifests; secrets' values are left out. */
  readonly resources: readonly object[];
  /** The files of the build context, sorted by path; sizes in bytes, 0 of what has no content. */
  readonly contextFiles?: readonly { readonly path: string; readonly size: number }[];
}

/** Builds container images. Injected under the symbol of the same name. */
export interface ImageBuilder extends StackComponent {
  /** What `build` would do with this request; changes nothing. */
  plan(request: BuildRequest): Promise<BuildPlan>;
  /** Builds and pushes; whatever the way out, it leaves nothing behind but the image. */
  build(request: BuildRequest, options?: BuildControl): Promise<BuildResult>;
  /** Of builders whose builds run elsewhere and outlive their client. */
  readonly builds?: RemoteBuilds;
  /** Of builders that build in a cluster: the least permissions that its users need there, as manifests to apply. */
  rbac?(options?: RbacOptions): Promise<readonly object[]>;
}
export const ImageBuilder = Symbol.for('@slipway/core/ImageBuilder');
