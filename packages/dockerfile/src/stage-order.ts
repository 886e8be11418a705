import { nearest, suggestion, UsageError } from '@slipway/core';
import { dockerfileError } from './dockerfile-error.js';
import type { CopyInstruction, Dockerfile, Instruction, Stage } from './dockerfile.js';
import { expandAt } from './expand-at.js';

/** What is taken for an image, as no stage has that name. */
export interface ImageSource {
  readonly kind: 'image';
  readonly reference: string;
  /** The earlier stage whose name is nearly that: it may have been meant. */
  readonly nearStage?: string;
}

/** Where files come from: nothing, an earlier stage (its place in the Dockerfile, from 0), or an image. */
export type FileSource =
  { readonly kind: 'scratch' } | { readonly kind: 'stage'; readonly index: number } | ImageSource;

/** A stage that must be built. */
export interface PlannedStage {
  /** Its place in the Dockerfile, from 0. */
  readonly index: number;
  readonly stage: Stage;
  readonly base: FileSource;
  /** `os/architecture` of `--platform`, expanded. */
  readonly platform?: string;
  /** The source of each `COPY --from`, by its text. */
  readonly copySources: ReadonlyMap<string, FileSource>;
}

/**
 * The stages that the target needs, each after those that it needs itself; the target is the last. The target is a name
 * (case ignored) or a number from 0, the Dockerfile's last stage unless given. `globals` is what `globalArguments` gives.
 * Throws `UNKNOWN_TARGET`, `DOCKERFILE_SYNTAX`.
 */
export function stageOrder(
  dockerfile: Dockerfile,
  globals: ReadonlyMap<string, string>,
  target?: string,
): PlannedStage[] {
  const { stages } = dockerfile;
  const needed = new Map<number, PlannedStage>();
  const pending = [targetIndex(stages, target)];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    const stage = stages[index];
    if (stage === undefined || needed.has(index)) continue;
    const planned = plan(dockerfile, stage, index, globals);
    needed.set(index, planned);
    for (const source of [planned.base, ...planned.copySources.values()]) {
      if (source.kind === 'stage') pending.push(source.index);
    }
  }
  // Only earlier stages can be needed, so that the order of the Dockerfile is one of dependency.
  return [...needed.values()].sort((one, other) => one.index - other.index);
}

/** What a `COPY --from` of the stage at `index` means. Also for the triggers of a base image, which may copy from stages. */
export function copySource(
  stages: readonly Stage[],
  index: number,
  copy: { readonly from: string; readonly line: number },
): FileSource {
  const { from, line } = copy;
  if (/^[+-]?\d+$/.test(from)) {
    const number = Number(from);
    if (number >= 0 && number < index) return { kind: 'stage', index: number };
    const problem =
      number === index
        ? 'that is this stage itself'
        : number > index && number < stages.length
          ? 'that stage comes later'
          : 'there is no such stage';
    const fix = index === 0 ? 'Put the stage to copy from before this one.' : `Earlier stages: ${numbers(index)}.`;
    throw dockerfileError(line, `COPY --from=${from}: ${problem}.`, fix);
  }
  const earlier = namedBefore(stages, index, from);
  if (earlier !== undefined) return { kind: 'stage', index: earlier };
  const later = stages.findIndex(({ name }) => name === from.toLowerCase());
  if (later >= 0) {
    const problem =
      later === index ? 'that is this stage itself' : `that stage begins later, in line ${stages[later]?.line}`;
    throw dockerfileError(
      line,
      `COPY --from=${from}: ${problem}.`,
      'A stage can copy from the stages before it alone.',
    );
  }
  return image(from, stages.slice(0, index));
}

function plan(dockerfile: Dockerfile, stage: Stage, index: number, globals: ReadonlyMap<string, string>): PlannedStage {
  const { stages } = dockerfile;
  const expand = (word: string) => expandAt(stage.line, word, (name) => globals.get(name), dockerfile.escape);
  const base = expand(stage.base);
  const platform = stage.platform === undefined ? undefined : expand(stage.platform);
  for (const [what, value, written] of [
    ['base image', base, stage.base],
    ['platform', platform, stage.platform],
  ]) {
    if (value !== '') continue;
    const fix =
      'Give the variable a default before the first FROM (ARG NAME=value), or set it with --build-arg NAME=value.';
    throw dockerfileError(stage.line, `the ${what} '${written}' is empty.`, fix);
  }
  const earlier = namedBefore(stages, index, base);
  const copies = stage.instructions.filter(isCopyFrom);
  return {
    index,
    stage,
    // A later stage of that name is no hindrance: FROM alpine AS alpine means the image.
    base: earlier === undefined ? image(base, stages.slice(0, index)) : { kind: 'stage', index: earlier },
    ...(platform === undefined ? {} : { platform }),
    copySources: new Map(copies.map((copy) => [copy.from, copySource(stages, index, copy)])),
  };
}

function isCopyFrom(instruction: Instruction): instruction is CopyInstruction & { readonly from: string } {
  return instruction.kind === 'COPY' && instruction.from !== undefined;
}

function image(reference: string, earlier: readonly Stage[]): FileSource {
  if (reference === 'scratch') return { kind: 'scratch' };
  // With a tag, a path or a host it is too unlike the name of a stage to be one.
  const names = /[:/@]/.test(reference) ? [] : earlier.flatMap(({ name }) => name ?? []);
  const nearStage = nearest(reference, names);
  return { kind: 'image', reference, ...(nearStage === undefined ? {} : { nearStage }) };
}

/** Of several stages of one name the nearest counts. */
function namedBefore(stages: readonly Stage[], index: number, name: string): number | undefined {
  const found = stages.slice(0, index).findLastIndex((stage) => stage.name === name.toLowerCase());
  return found < 0 ? undefined : found;
}

function targetIndex(stages: readonly Stage[], target: string | undefined): number {
  if (target === undefined || target === '') return stages.length - 1;
  const named = namedBefore(stages, stages.length, target);
  if (named !== undefined) return named;
  if (/^\d+$/.test(target) && Number(target) < stages.length) return Number(target);
  const names = stages.flatMap(({ name }) => name ?? []);
  throw new UsageError({
    code: 'UNKNOWN_TARGET',
    message: `The Dockerfile has no stage '${target}'.`,
    fix: suggestion(target, names) ?? `Its stages have no names, only numbers: ${numbers(stages.length)}.`,
  });
}

function numbers(count: number): string {
  return count === 1 ? '0' : `0 to ${count - 1}`;
}
