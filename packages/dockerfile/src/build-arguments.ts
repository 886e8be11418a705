import { expandAt } from './expand-at.js';
import type { Dockerfile, Instruction } from './dockerfile.js';
import type { Lookup } from './expand-word.js';

/** An operating system and a processor, as in `linux/arm/v7`. */
export interface TargetPlatform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

export interface BuildArgumentOptions {
  /** What `--build-arg` gives, by name. */
  readonly buildArguments: Readonly<Record<string, string>>;
  readonly targetPlatform: TargetPlatform;
  /** Where the build runs; the target's platform unless given. */
  readonly buildPlatform?: TargetPlatform;
  /** The stage that is built, for `TARGETSTAGE`. */
  readonly target?: string;
}

/**
 * The values that FROM sees, and that a bare ARG of a stage takes over: the platform's (`TARGETARCH`, …) and those of the
 * ARGs before the first FROM. A build argument goes before a default. Throws `DOCKERFILE_SYNTAX`.
 */
export function globalArguments(dockerfile: Dockerfile, options: BuildArgumentOptions): ReadonlyMap<string, string> {
  const given = givenArguments(options.buildArguments);
  const values = new Map(platformArguments(dockerfile, options).map(([name, value]) => [name, given(name) ?? value]));
  for (const { line, parameters } of dockerfile.globalArguments) {
    for (const { name, value } of parameters) {
      const lookup: Lookup = (variable) => values.get(variable);
      const known = given(name) ?? (value === undefined ? undefined : expandAt(line, value, lookup, dockerfile.escape));
      if (known !== undefined) values.set(name, known);
    }
  }
  return values;
}

/** Looks a build argument up among those given, and never among what every object has. */
export function givenArguments(buildArguments: Readonly<Record<string, string>>): Lookup {
  return (name) => (Object.hasOwn(buildArguments, name) ? buildArguments[name] : undefined);
}

/**
 * The build arguments that no ARG declares, which are most likely misspelt; in the order given. `triggers` are the
 * instructions of the bases.
 */
export function unusedBuildArguments(
  { globalArguments: globals, stages }: Dockerfile,
  triggers: readonly Instruction[],
  names: Iterable<string>,
): string[] {
  const instructions = [...globals, ...triggers, ...stages.flatMap((stage) => stage.instructions)];
  const declared = new Set(
    instructions.flatMap((instruction) =>
      instruction.kind === 'ARG' ? instruction.parameters.map((parameter) => parameter.name) : [],
    ),
  );
  return [...names].filter((name) => !declared.has(name) && !predefined.test(name));
}

/** Arguments that may be given without an ARG: proxies in both cases, platforms, and what speaks to the builder itself. */
const predefined =
  /^(?:https?_proxy|ftp_proxy|no_proxy|all_proxy|HTTPS?_PROXY|FTP_PROXY|NO_PROXY|ALL_PROXY|SOURCE_DATE_EPOCH|BUILDKIT_\w+|(?:BUILD|TARGET)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT)|TARGETSTAGE)$/;

function platformArguments(dockerfile: Dockerfile, options: BuildArgumentOptions): [string, string][] {
  const { targetPlatform, buildPlatform = targetPlatform } = options;
  const of = (prefix: string, { os, architecture, variant = '' }: TargetPlatform): [string, string][] => [
    [`${prefix}PLATFORM`, [os, architecture, ...(variant === '' ? [] : [variant])].join('/')],
    [`${prefix}OS`, os],
    [`${prefix}OSVERSION`, ''],
    [`${prefix}ARCH`, architecture],
    [`${prefix}VARIANT`, variant],
  ];
  const stage = options.target ?? dockerfile.stages.at(-1)?.name ?? 'default';
  return [...of('BUILD', buildPlatform), ...of('TARGET', targetPlatform), ['TARGETSTAGE', stage]];
}
