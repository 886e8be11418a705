import type { BuildEvent } from '../contracts/build-event.js';
import type { BuildControl, BuildPlan, BuildRequest, BuildResult, ImageBuilder } from '../contracts/image-builder.js';
import type {
  BuildDetails,
  BuildRecord,
  FollowOptions,
  RemoteBuilds,
  StartedBuild,
} from '../contracts/remote-builds.js';
import type { Stack } from '../contracts/stack.js';
import { SlipwayError, UsageError } from '../errors/slipway-error.js';
import type { Override } from '../flavors/overrides.js';
import type { BuildHistory } from './build-history.js';
import { errorWithNames, withNames } from '../stacks/component-names.js';
import { BuildRecorder } from './build-recorder.js';

export interface InStack {
  /** The stack whose image builder is meant; the active one unless given. */
  readonly stack?: string | undefined;
}

export interface BuilderOptions {
  /** Attributes of the image builder, or parts of them, in place of what it was registered with. */
  readonly overrides?: readonly Override[] | undefined;
}

/** An image builder, and the stack that it belongs to. */
export interface BuilderInStack {
  readonly builder: ImageBuilder;
  readonly stack: Stack;
}

/**
 * Builds: those that run where the image builder of a stack builds, and those that this machine remembers. Everything throws what
 * finding the image builder throws; what only builders whose builds outlive their client can do is `BUILDS_STAY_HERE` with others.
 */
export class BuildService {
  constructor(
    private readonly find: (stack: string | undefined, options?: BuilderOptions) => Promise<BuilderInStack>,
    private readonly history: BuildHistory,
  ) {}

  /** What a build would do, and what it would make. */
  async plan(request: BuildRequest, control: InStack & BuilderOptions = {}): Promise<BuildPlan> {
    const { builder, stack } = await this.find(control.stack, control);
    return named(stack, () => builder.plan(request));
  }

  async build(request: BuildRequest, control: BuildControl & InStack & BuilderOptions = {}): Promise<BuildResult> {
    const { builder, stack } = await this.find(control.stack, control);
    const recorder = new BuildRecorder(this.history, builder.info.name, namedEvents(stack, control));
    return recorder.run((recorded) => named(stack, () => builder.build(request, recorded)));
  }

  /** Starts a build and leaves it to itself. */
  async start(request: BuildRequest, control: BuildControl & InStack & BuilderOptions = {}): Promise<StartedBuild> {
    const { builds, stack } = await this.#remote(control.stack, control);
    return named(stack, () => builds.start(request, namedEvents(stack, control)));
  }

  /** Those that run or whose result is kept where they ran, and those of this machine's history; the newest first. */
  async list({ stack: name, signal }: InStack & { readonly signal?: AbortSignal | undefined } = {}): Promise<
    readonly BuildRecord[]
  > {
    const { builder, stack } = await this.find(name);
    const remote = async (): Promise<readonly BuildRecord[]> => (await builder.builds?.list(signal)) ?? [];
    const [there, here] = await Promise.all([named(stack, remote), this.history.list()]);
    const ids = new Set(there.map(({ buildId }) => buildId));
    const all = [...there, ...here.filter(({ buildId }) => !ids.has(buildId))];
    return all.sort((one, other) => other.createdAt.localeCompare(one.createdAt));
  }

  /** @throws UsageError `UNKNOWN_BUILD` */
  async show(
    buildId: string,
    { stack: name, signal }: InStack & { readonly signal?: AbortSignal } = {},
  ): Promise<BuildDetails> {
    const { builder, stack } = await this.find(name);
    const { builds } = builder;
    try {
      if (builds !== undefined) {
        const details = await named(stack, () => builds.show(buildId, signal));
        return details.failure === undefined ? details : { ...details, failure: withNames(stack, details.failure) };
      }
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
    const { builds, stack } = await this.#remote(options.stack);
    try {
      yield* builds.logs(buildId, options);
    } catch (error) {
      throw errorWithNames(stack, error);
    }
  }

  /** Follows a build to its result. */
  async attach(
    buildId: string,
    control: BuildControl & InStack & { readonly tail?: number | undefined } = {},
  ): Promise<BuildResult> {
    const { builds, builder, stack } = await this.#remote(control.stack);
    const recorder = new BuildRecorder(this.history, builder.info.name, namedEvents(stack, control));
    return recorder.run((recorded) => named(stack, () => builds.attach(buildId, { ...recorded, tail: control.tail })));
  }

  /** Ends a build, or removes the kept result of one that has ended. */
  async cancel(
    buildId: string,
    { stack: name, signal }: InStack & { readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    const { builds, stack } = await this.#remote(name);
    await named(stack, () => builds.cancel(buildId, signal));
  }

  /** Removes the builds of the image builder that have ended where they ran. @returns their ids */
  async prune({ stack: name, signal }: InStack & { readonly signal?: AbortSignal } = {}): Promise<readonly string[]> {
    const { builds, stack } = await this.#remote(name);
    return named(stack, () => builds.prune(signal));
  }

  /** Forgets the builds of this machine's history. @returns how many there were */
  async forget(): Promise<number> {
    return this.history.clear();
  }

  async #remote(
    name: string | undefined,
    options?: BuilderOptions,
  ): Promise<BuilderInStack & { readonly builds: RemoteBuilds }> {
    const { builder, stack } = await this.find(name, options);
    const { builds, info } = builder;
    if (builds !== undefined) return { builds, builder, stack };
    throw new UsageError({
      code: 'BUILDS_STAY_HERE',
      message: `The image builder '${info.name}' builds on this machine.`,
      reason: `A build of the flavor '${info.flavor}' ends with the process that began it.`,
      fix: 'Name a stack whose image builder builds elsewhere, as kaniko does, with --stack: slipway stack list',
    });
  }
}

/** What a component of the stack does; an error of it has the names of the stack's components in its fix. */
async function named<T>(stack: Stack, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw errorWithNames(stack, error);
  }
}

/** The same for warnings on the way. */
function namedEvents<Control extends BuildControl>(stack: Stack, control: Control): Control {
  const { onEvent } = control;
  if (onEvent === undefined) return control;
  return {
    ...control,
    onEvent: (event: BuildEvent) => onEvent(event.type === 'warning' ? withNames(stack, event) : event),
  };
}
