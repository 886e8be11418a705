import { userInfo } from 'node:os';
import type { BuildEvent } from '../contracts/build-event.js';
import type { BuildControl, BuildResult } from '../contracts/image-builder.js';
import type { BuildDetails, BuildFailure, BuildState } from '../contracts/remote-builds.js';
import { SlipwayError } from '../errors/slipway-error.js';
import type { BuildHistory } from './build-history.js';

// Errors that say nothing of how the build ended, which goes on without this client.
const goesOn = new Set(['BUILD_GOES_ON']);

/** Runs a build and keeps in the history what became of it. Of what never began, as a wrong call, nothing is kept. */
export class BuildRecorder {
  readonly #timings: { stage: string; milliseconds: number }[] = [];
  readonly #began = new Date().toISOString();
  #created: (Pick<BuildDetails, 'buildId' | 'tags' | 'resources'> & Partial<BuildDetails>) | undefined;

  constructor(
    private readonly history: BuildHistory,
    private readonly imageBuilder: string,
    private readonly control: BuildControl,
  ) {}

  async run(build: (control: BuildControl) => Promise<BuildResult>): Promise<BuildResult> {
    try {
      const result = await build({ ...this.control, onEvent: (event) => this.#listen(event) });
      const { buildId, digest, images, timings, cache } = result;
      this.#created ??= { buildId, tags: images.map(({ tag }) => tag), resources: [] };
      await this.#keep('succeeded', { digest, images, timings, cache });
      return result;
    } catch (error) {
      const described = SlipwayError.is(error) ? error : undefined;
      const state = described?.code === 'BUILD_CANCELLED' ? 'cancelled' : 'failed';
      if (!goesOn.has(described?.code ?? '')) await this.#keep(state, { failure: failureOf(error) });
      throw error;
    }
  }

  #listen(event: BuildEvent): void {
    if (event.type === 'build-created') {
      const { buildId, tags, resources, origin } = event;
      this.#created ??= { buildId, tags, resources, ...origin };
    }
    // Those of one platform of several lie within a stage of the whole build, so that their times must not be added up.
    if (event.type === 'stage-ended' && event.platform === undefined) {
      this.#timings.push({ stage: event.stage, milliseconds: event.milliseconds });
    }
    this.control.onEvent?.(event);
  }

  async #keep(state: BuildState, known: Partial<BuildDetails>): Promise<void> {
    if (this.#created === undefined) return;
    const { imageBuilder } = this;
    const endedAt = new Date().toISOString();
    const build = { state, imageBuilder, user: userName(), detached: false, createdAt: this.#began, endedAt };
    const more = { images: [], timings: this.#timings, ...this.#created };
    try {
      await this.history.keep({ ...build, ...more, ...known });
    } catch (error) {
      // The build itself has ended as it has.
      const reason = error instanceof Error ? error.message : undefined;
      const message = "The build could not be kept in this machine's history.";
      this.control.onEvent?.({ type: 'warning', message, reason });
    }
  }
}

function failureOf(error: unknown): BuildFailure {
  if (SlipwayError.is(error)) return error.toJSON();
  return { code: 'INTERNAL_ERROR', message: error instanceof Error ? error.message : String(error) };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return 'unknown';
  }
}
