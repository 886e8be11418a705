import {
  type BuildContext,
  type BuildControl,
  type BuildEvent,
  type BuildRequest,
  type BuildResult,
  BuildStages,
  type CacheUse,
  openBuildContext,
  retold,
  SlipwayError,
} from '@slipway/core';
import { type ImageReference, qualifyTags } from '@slipway/oci';
import { BuildLife } from '../build/build-life.js';
import { KanikoBuild } from '../build/kaniko-build.js';
import type { KanikoBuildInput } from '../build/kaniko-build-input.js';
import { KubernetesConnection } from '../kubernetes/kubernetes-connection.js';
import { buildId } from '../manifest/build-names.js';
import { checkNodes } from './check-nodes.js';
import { IndexRegistry } from './index-registry.js';
import { type PlatformPart, platformParts } from './platform-parts.js';

interface PartResult extends BuildResult {
  readonly platform: string;
}

/** A build for several platforms: a build for each of them, all at once and from one context, and the index of their images. */
export class PlatformsBuild {
  readonly #life: BuildLife;
  readonly #stages: BuildStages;
  readonly #id: string;
  readonly #tags: readonly ImageReference[];
  readonly #parts: readonly PlatformPart[];
  readonly #warned = new Set<string>();
  readonly #created = new Map<string, readonly object[]>();
  /** Parts that have not got beyond what is the same for all. */
  readonly #preparing = new Set<string>();
  #isTold = false;
  #index: IndexRegistry | undefined;

  /** @throws UsageError those of `platformParts`, `qualifyTags` and `buildId` */
  constructor(
    private readonly input: KanikoBuildInput,
    private readonly request: BuildRequest,
    private readonly control: BuildControl,
  ) {
    this.#id = buildId(request.buildId);
    this.#tags = qualifyTags(input.registry, request.tags);
    this.#parts = platformParts(this.#id, request, this.#tags);
    this.#stages = new BuildStages((event) => this.#report(event));
    this.#life = new BuildLife(control.signal);
  }

  /** Builds, and stays until the index is there. */
  async run(): Promise<BuildResult> {
    const { signal } = this.#life;
    try {
      signal.throwIfAborted();
      this.#stages.begin('prepare', 'Preparing the builds');
      const [context, index] = await this.#prepare();
      this.#stages.begin('build', `Building for ${this.#parts.map(({ platform }) => platform).join(', ')}`);
      const results = await this.#build(context);
      this.#stages.begin('index', 'Pushing the index of the platforms');
      const digest = await index.push(results, this.request.annotations, signal);
      this.#stages.end('done');
      const images = this.#tags.map((tag) => ({ tag: tag.toString(), reference: tag.withDigest(digest).toString() }));
      return { buildId: this.#id, digest, images, timings: this.#stages.results(), cache: inAll(results) };
    } catch (error) {
      const cause: unknown = signal.aborted && !goesOn(error) ? signal.reason : error;
      this.#stages.fail(cause);
      throw cause;
    } finally {
      this.#index?.close();
      this.#life.end();
    }
  }

  /** All that can go wrong before anything starts, at once; what goes wrong first ends the rest. */
  async #prepare(): Promise<readonly [BuildContext, IndexRegistry]> {
    const { contextDirectory, dockerfile } = this.request;
    const rest = new AbortController();
    const signal = AbortSignal.any([this.#life.signal, rest.signal]);
    try {
      const [context, index] = await Promise.all([
        openBuildContext(contextDirectory, { dockerfile, signal }),
        this.#openIndex(signal),
        this.#checkNodes(signal),
      ]);
      return [context, index];
    } finally {
      rest.abort();
    }
  }

  async #openIndex(signal: AbortSignal): Promise<IndexRegistry> {
    const index = await IndexRegistry.open(this.input.registry, this.#tags, signal);
    try {
      await index.check(signal);
      return (this.#index = index);
    } catch (error) {
      index.close();
      throw error;
    }
  }

  async #checkNodes(signal: AbortSignal): Promise<void> {
    const { configuration } = this.input;
    const connection = await KubernetesConnection.open(configuration);
    try {
      const platforms = this.#parts.map(({ platform }) => platform);
      await checkNodes({ connection, configuration, platforms, report: this.#stages.report, signal });
    } finally {
      connection.close();
    }
  }

  /** Runs the parts. Where one fails the others are cancelled, and all have cleaned up before this rejects. */
  async #build(context: BuildContext): Promise<readonly PartResult[]> {
    const failed = new AbortController();
    const signal = AbortSignal.any([this.#life.signal, failed.signal]);
    const errors: unknown[] = [];
    const built = await Promise.all(
      this.#parts.map(async ({ platform, id, request }): Promise<PartResult[]> => {
        const onEvent = (event: BuildEvent): void => this.#forward(event, platform, id);
        const part = { id, whole: this.#id, context };
        this.#preparing.add(id);
        try {
          const build = new KanikoBuild({ ...this.input, part }, request, { signal, onEvent });
          return [{ platform, ...(await build.run()) }];
        } catch (error) {
          errors.push(this.#preparing.has(id) || goesOn(error) ? error : named(platform, error));
          failed.abort();
          return [];
        }
      }),
    );
    if (errors.length === 0) return built.flat();
    this.#tellCreated();
    // The first of them is what happened; those after it were cancelled for it. Where it was the caller who cancelled, but another client
    // began a part and goes on with it, that is what there is to say.
    throw (this.#life.signal.aborted ? errors.find(goesOn) : undefined) ?? errors[0];
  }

  #forward(event: BuildEvent, platform: string, partId: string): void {
    if (event.type === 'build-created') {
      this.#created.set(partId, event.resources);
      if (this.#created.size === this.#parts.length) this.#tellCreated();
      return;
    }
    if (event.type === 'stage-started' && event.stage !== 'prepare') this.#preparing.delete(partId);
    // What is wrong with the context or the credentials is so for every platform.
    const isShared = event.type === 'warning' && this.#preparing.has(partId);
    this.#report(isShared ? event : { ...event, platform });
  }

  /** Tells of the build once, with all that was made for it. */
  #tellCreated(): void {
    if (this.#isTold || this.#created.size === 0) return;
    this.#isTold = true;
    const resources = this.#parts.flatMap(({ id }) => this.#created.get(id) ?? []);
    this.#report({ type: 'build-created', buildId: this.#id, tags: this.#tags.map(String), resources });
  }

  #report(event: BuildEvent): void {
    if (event.type === 'warning') {
      const said = JSON.stringify([event.message, event.reason]);
      if (this.#warned.has(said)) return;
      this.#warned.add(said);
    }
    this.control.onEvent?.(event);
  }
}

/** Whether it is only that nobody follows the build any more. */
function goesOn(error: unknown): error is SlipwayError {
  return SlipwayError.is(error) && error.code === 'BUILD_GOES_ON';
}

/** The error as one of a platform. */
function named(platform: string, error: unknown): unknown {
  if (!SlipwayError.is(error)) return error;
  return retold(error, { message: `[${platform}] ${error.message}` });
}

function inAll(results: readonly BuildResult[]): CacheUse | undefined {
  const used = results.flatMap(({ cache }) => cache ?? []);
  if (used.length === 0) return undefined;
  return {
    hits: used.reduce((sum, { hits }) => sum + hits, 0),
    misses: used.reduce((sum, { misses }) => sum + misses, 0),
  };
}
