import { SlipwayError } from '@slipway/core';
import { type Dockerfile, globalArguments, readDockerfile, stageOrder } from '@slipway/dockerfile';
import { ImageReference, parsePlatform } from '@slipway/oci';

export interface NamedImagesInput {
  /** The Dockerfile's text. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  /** `os/architecture[/variant]` that is asked for. */
  readonly platform: string | undefined;
}

/**
 * The images that FROM, COPY --from and RUN --mount of a Dockerfile name, of all its stages, since some executors build also those that
 * the target does not need. Of a Dockerfile that cannot be read none: to judge it is the executor's work.
 * @throws UsageError `UNKNOWN_TARGET`
 */
export function namedImages(input: NamedImagesInput): readonly ImageReference[] {
  const dockerfile = tolerant(() => readDockerfile(input.dockerfile));
  if (dockerfile === undefined) return [];
  const { buildArgs: buildArguments, target, platform = 'linux/amd64' } = input;
  const globals = tolerant(() =>
    globalArguments(dockerfile, {
      buildArguments,
      targetPlatform: parsePlatform(platform),
      ...(target === undefined ? {} : { target }),
    }),
  );
  if (globals === undefined) return [];
  tolerant(() => stageOrder(dockerfile, globals, target));
  const references = dockerfile.stages.flatMap(
    (_, index) => tolerant(() => imagesOf(dockerfile, globals, index)) ?? [],
  );
  const parsed = references.flatMap((reference) => tolerant(() => ImageReference.parse(reference)) ?? []);
  return [...new Map(parsed.map((reference) => [reference.name, reference])).values()];
}

function imagesOf(dockerfile: Dockerfile, globals: ReadonlyMap<string, string>, index: number): readonly string[] {
  const stages = stageOrder(dockerfile, globals, String(index));
  const sources = stages.flatMap(({ base, copySources }) => [base, ...copySources.values()]);
  const mounted = (dockerfile.stages[index]?.instructions ?? []).flatMap((instruction) =>
    instruction.kind === 'RUN' ? [...instruction.command.matchAll(/--mount=\S*?\bfrom=([^,\s]+)/g)] : [],
  );
  const names = new Set(dockerfile.stages.map(({ name }) => name));
  return [
    ...sources.flatMap((source) => (source.kind === 'image' ? [source.reference] : [])),
    ...mounted.flatMap(([, from = '']) => (names.has(from.toLowerCase()) || /^\d+$/.test(from) ? [] : [from])),
  ];
}

/** What cannot be made sense of is left to the executor; that the target is misspelt is certain. */
function tolerant<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!SlipwayError.is(error) || error.code === 'UNKNOWN_TARGET') throw error;
    return undefined;
  }
}
