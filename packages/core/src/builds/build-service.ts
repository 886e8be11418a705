import type { BuildControl, BuildRequest, BuildResult, ImageBuilder } from '../contracts/image-builder.js';
import type {
  BuildDetails,
  BuildRecord,
  FollowOptions,
  RemoteBuilds,
  StartedBuild,
} from '../contracts/remote-builds.js';
import { SlipwayError, UsageError } from '../errors/slipway-error.js';
import type { Override } from '../flavors/overrides.js';
import type { BuildHistory } from './build-history.js';
import { BuildRecorder } from './build-recorder.js';

export interface InStack {
  /** The stack whose image builder is meant; the active one unless given. */
  readonly stack?: string | undefined;
}

export interface BuilderOptions {
  /** Attributes of the image builder, or parts of them, in place of what it was registered with. */
  readonly overrides?: readonly Override[] | undefined;
}

/**
 * Builds: those that run where the image builder of a stack builds, and those that this machine remembers. Everything throws what
 * finding the image builder throws; what only builders whose builds outlive their client can do is `BUILDS_STAY_HERE` with others.
 */
export class BuildService {
  constructor(
    private readonly imageBuilder: (stack: string | undefined, options?: BuilderOptions) => Promise<ImageBuilder>,
    private readonly history: BuildHistory,
  ) {}

  async build(request: BuildRequest, control: BuildControl & InStack & BuilderOptions = {}): Promise<BuildResult> {
    const builder = await this.imageBuilder(control.stack, control);
    const recorder = new BuildRecorder(this.history, builder.info.name, control);
    return recorder.run((recorded) => builder.build(request, recorded));
  }

  /** Starts a build and leaves it to itself. */
  async start(request: BuildRequest, control: BuildControl & InStack & BuilderOptions = {}): Promise<StartedBuild> {
    return (await this.#remote(control.stack, control)).start(request, control);
  }

  /** Those that run or whose result is kept where they ran, and those of this machine's history; the newest first. */
  async list({ stack, signal }: InStack & { readonly signal?: AbortSignal | undefined } = {}): Promise<
    readonly BuildRecord[]
  > {
    const { builds } = await this.imageBuilder(stack);
    const [there, here] = await Promise.all([builds?.list(signal) ?? [], this.history.list()]);
    const ids = new Set(there.map(({ buildId }) => buildId));
    const all = [...there, ...here.filter(({ buildId }) => !ids.has(buildId))];
    return all.sort((one, other) => other.createdAt.localeCompare(one.createdAt));
  }

  /** @throws UsageError `UNKNOWN_BUILD` */
  async show(
    buildId: string,
    { stack, signal }: InStack & { readonly signal?: AbortSignal } = {},
  ): Promise<BuildDetails> {
    const { builds } = await this.imageBuilder(stack);
    try {
      if (builds !== undefined) return await builds.show(buildId, signal);
    } catch (error) {
      // What is not there any more, or cannot be asked now, may be remembered here.
      const kept = await this.history.find(buildId);
      if (kept === undefined || !SlipwayError.is(error)) throw error;
      return kept;
    }
    const kept = await this.history.find(buildId);
    if (kept !== undefined) return kept;
    throw new UsageError({
      code: 'UNKNOWN_BUILD',
      message: `There is no build '${buildId}' in this machine's history.`,
      fix: 'slipway builds list',
    });
  }

  async *logs(
    buildId: string,
    options: FollowOptions & InStack & { readonly follow?: boolean | undefined } = {},
  ): AsyncGenerator<string, void, undefined> {
    yield* (await this.#remote(options.stack)).logs(buildId, options);
  }

  /** Follows a build to its result. */
  async attach(
    buildId: string,
    control: BuildControl & InStack & { readonly tail?: number | undefined } = {},
  ): Promise<BuildResult> {
    const builds = await this.#remote(control.stack);
    const { info } = await this.imageBuilder(control.stack);
    const recorder = new BuildRecorder(this.history, info.name, control);
    return recorder.run((recorded) => builds.attach(buildId, { ...recorded, tail: control.tail }));
  }

  /** Ends a build, or removes the kept result of one that has ended. */
  async cancel(buildId: string, { stack, signal }: InStack & { readonly signal?: AbortSignal } = {}): Promise<void> {
    await (await this.#remote(stack)).cancel(buildId, signal);
  }

  /** Removes the builds of the image builder that have ended where they ran. @returns their ids */
  async prune({ stack, signal }: InStack & { readonly signal?: AbortSignal } = {}): Promise<readonly string[]> {
    return (await this.#remote(stack)).prune(signal);
  }

  /** Forgets the builds of this machine's history. @returns how many there were */
  async forget(): Promise<number> {
    return this.history.clear();
  }

  async #remote(stack: string | undefined, options?: BuilderOptions): Promise<RemoteBuilds> {
    const { builds, info } = await this.imageBuilder(stack, options);
    if (builds !== undefined) return builds;
    throw new UsageError({
      code: 'BUILDS_STAY_HERE',
      message: `The image builder '${info.name}' builds on this machine.`,
      reason: `A build of the flavor '${info.flavor}' ends with the process that began it.`,
      fix: 'Use a stack whose image builder builds elsewhere, as kaniko does: --stack=STACK',
    });
  }
}
