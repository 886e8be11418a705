import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BuildContext,
  buildCancelled,
  type BuildControl,
  type BuildPlan,
  type BuildRequest,
  type BuildResult,
  BuildStages,
  type ContainerRegistry,
  openBuildContext,
  skippedWarning,
  SlipwayError,
} from '@slipway/core';
import { type Dockerfile, readDockerfile, unusedBuildArguments } from '@slipway/dockerfile';
import type { Platform } from '@slipway/oci';
import { FileTree, pruneCache } from '../files/index.js';
import { assembleImage } from './assemble-image.js';
import { BaseImages } from './base-images.js';
import type { BuiltStage } from './built-stage.js';
import { createdTime } from './created-time.js';
import { StageEvaluation } from './evaluate-stages.js';
import type { Image } from './image.js';
import type { ImageTarget } from './image-target.js';
import { LayoutTarget } from './layout-target.js';
import { describeStage } from './describe-stage.js';
import { pushBlobs, pushManifests } from './push-images.js';
import { RegistryTarget } from './registry-target.js';
import { targetPlatforms } from './target-platforms.js';

/** What a build uses beside its request. */
export interface BuildPlaces {
  /** Where the image goes; without one, to the layout. */
  readonly registry: ContainerRegistry | undefined;
  /** Absolute. */
  readonly layoutFolder: string;
  /** Absolute. */
  readonly cacheFolder: string;
  /** How large the cache may be, in bytes. */
  readonly cacheSize: number;
}

/** One build: the stages of the Dockerfile carried out for each platform, and the images written to where they belong. */
export class DirectBuild {
  readonly #stages: BuildStages;
  readonly #id: string;
  readonly #created: string;
  readonly #platforms: readonly Platform[];
  readonly #warned = new Set<string>();
  #cacheFolder: string;

  /** @throws UsageError `INVALID_PLATFORM`, `INVALID_SOURCE_DATE_EPOCH` */
  constructor(
    private readonly places: BuildPlaces,
    private readonly request: BuildRequest,
    private readonly control: BuildControl,
  ) {
    this.#stages = new BuildStages((event) => control.onEvent?.(event));
    this.#id = request.buildId ?? randomUUID();
    this.#created = createdTime(request.buildArgs?.SOURCE_DATE_EPOCH ?? process.env.SOURCE_DATE_EPOCH);
    this.#platforms = targetPlatforms(request.platforms);
    this.#cacheFolder = places.cacheFolder;
  }

  async run(): Promise<BuildResult> {
    const { signal } = this.control;
    try {
      signal?.throwIfAborted();
      this.#stages.begin('prepare', 'Reading the build context');
      return await this.#withImages(async (target, bases) => {
        const { stages } = await this.#evaluate(bases);
        const details = { created: this.#created, annotations: this.request.annotations ?? {} };
        const images: Image[] = [];
        for (const stage of stages) images.push(await assembleImage(stage, details, signal));
        this.#stages.begin('push', target.title);
        const destinations = await pushBlobs(images, target, this.#stages, signal);
        // From here on nothing is read from the cache.
        const pruned = pruneCache(this.#cacheFolder, this.places.cacheSize);
        const [digest] = await Promise.all([pushManifests(images, destinations, signal), pruned]);
        this.#stages.end('done');
        const named = target.tags.map((tag) => ({ tag, reference: target.reference(tag, digest) }));
        return { buildId: this.#id, digest, images: named, timings: this.#stages.results() };
      });
    } catch (error) {
      const cause: unknown = signal?.aborted ? buildCancelled() : error;
      this.#stages.fail(cause);
      throw cause;
    }
  }

  async plan(): Promise<BuildPlan> {
    return this.#withImages(async ({ tags }, bases) => {
      const { context, stages } = await this.#evaluate(bases);
      const { annotations = {} } = this.request;
      const resources = stages.map((stage) => describeStage(stage, annotations));
      return { buildId: this.#id, tags, resources, contextFiles: copiableFiles(context) };
    });
  }

  async #withImages<Result>(work: (target: ImageTarget, bases: BaseImages) => Promise<Result>): Promise<Result> {
    const { registry, layoutFolder } = this.places;
    const { tags } = this.request;
    const target =
      registry === undefined
        ? new LayoutTarget(layoutFolder, tags)
        : await RegistryTarget.of(registry, tags, this.control.signal);
    let bases: BaseImages | undefined;
    let temporary: string | undefined;
    try {
      if (this.request.cache === false) {
        // Without a cache there is still something to be kept while the build lasts, such as what an archive held.
        temporary = await mkdtemp(join(tmpdir(), 'slipway-build-'));
        this.#cacheFolder = temporary;
      }
      bases = new BaseImages(target.home, this.#cacheFolder, this.control.signal);
      return await work(target, bases);
    } finally {
      if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
      bases?.close();
      target.close();
    }
  }

  /** The target stage, for each platform, and what it was made of. */
  async #evaluate(images: BaseImages): Promise<{ context: BuildContext; stages: readonly BuiltStage[] }> {
    const { signal } = this.control;
    const { contextDirectory, dockerfile: path, buildArgs = {}, labels = {}, target, platforms = [] } = this.request;
    const context = await openBuildContext(contextDirectory, { dockerfile: path, signal });
    const dockerfile = readDockerfile(await readText(context));
    this.#warnAbout(context, dockerfile);
    this.#stages.begin('layers', 'Making the layers');
    const evaluations = this.#platforms.map(
      (platform) =>
        new StageEvaluation({
          dockerfile,
          context,
          contextFiles: FileTree.ofContext(context),
          images,
          platform,
          strictPlatform: platforms.length > 0,
          buildArguments: buildArgs,
          target,
          cacheFolder: this.#cacheFolder,
          signal,
          warn: (message, reason) => this.#warn(message, reason),
        }),
    );
    const stages: BuiltStage[] = [];
    try {
      for (const evaluation of evaluations) stages.push(withLabels(await evaluation.run(), labels));
    } finally {
      // Only now it is known what bases take. A mistyped argument may be why it failed.
      const triggers = evaluations.flatMap((evaluation) => evaluation.triggers);
      const unused = unusedBuildArguments(dockerfile, triggers, Object.keys(buildArgs));
      if (unused.length > 0) this.#warn(`No ARG of the Dockerfile takes the build arguments: ${unused.join(', ')}.`);
    }
    return { context, stages };
  }

  #warnAbout(context: BuildContext, dockerfile: Dockerfile): void {
    for (const { line, message } of dockerfile.warnings) this.#warn(`Dockerfile line ${line}: ${message}`);
    if (this.request.secrets !== undefined && this.request.secrets.length > 0) {
      this.#warn(
        'The secrets of the build are not used.',
        'Only a RUN could read them, and this builder runs nothing.',
      );
    }
    const skipped = skippedWarning(context);
    if (skipped !== undefined) this.#stages.report(skipped);
  }

  /** Once: what is true of the Dockerfile or the context is found again for each platform. */
  #warn(message: string, reason?: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#stages.report({ type: 'warning', message, reason });
  }
}

/** What a COPY may take. */
function copiableFiles({ entries }: BuildContext): NonNullable<BuildPlan['contextFiles']> {
  return entries.flatMap(({ path, kind, size, ignored }) =>
    kind === 'directory' || ignored === true ? [] : [{ path, size }],
  );
}

/** The request's labels, which replace those of the Dockerfile. `__proto__` is a label as any other. */
function withLabels(stage: BuiltStage, labels: Readonly<Record<string, string>>): BuiltStage {
  const added = Object.entries(labels);
  if (added.length === 0) return stage;
  const all = [...Object.entries(stage.config.Labels ?? {}), ...added];
  return { ...stage, config: { ...stage.config, Labels: Object.fromEntries(all) } };
}

async function readText({ directory, dockerfile }: BuildContext): Promise<string> {
  try {
    return await readFile(join(directory, dockerfile), 'utf8');
  } catch (error) {
    throw new SlipwayError({
      code: 'CONTEXT_FILE_UNREADABLE',
      message: `'${dockerfile}' in the build context cannot be read.`,
      reason: error instanceof Error ? error.message : String(error),
      fix: 'Give yourself permission to read it.',
      cause: error,
    });
  }
}
