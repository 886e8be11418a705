import { posix } from 'node:path';
import type { ContainerConfig } from '@slipway/oci';
import type { Command, Instruction, Pair } from './dockerfile.js';

const defaultShell = ['/bin/sh', '-c'];
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The configuration that a stage begins with: the base's, less its triggers, with a `PATH` where it has none. Without a base
 * (`scratch`) the working directory is the root.
 */
export function startingConfig(base?: ContainerConfig): ContainerConfig {
  if (base === undefined) return { Env: [`PATH=${defaultPath}`], WorkingDir: '/' };
  const config = without(base, 'OnBuild');
  const environment = config.Env ?? [];
  const hasPath = environment.some((variable) => variable.startsWith('PATH='));
  return hasPath ? config : { ...config, Env: [...environment, `PATH=${defaultPath}`] };
}

/**
 * The configuration after an expanded instruction. What changes no configuration (COPY, ADD, ARG, MAINTAINER) returns it as
 * it was. `commandSet` says whether the stage itself had a CMD already: only an inherited one falls to an ENTRYPOINT.
 */
export function applyInstruction(
  config: ContainerConfig,
  instruction: Instruction,
  { commandSet }: { readonly commandSet: boolean },
): ContainerConfig {
  switch (instruction.kind) {
    case 'ENV':
      return { ...config, Env: instruction.pairs.reduce(withVariable, config.Env ?? []) };
    case 'LABEL':
      return { ...config, Labels: { ...config.Labels, ...fromPairs(instruction.pairs) } };
    case 'WORKDIR':
      return { ...config, WorkingDir: workingDirectory(config.WorkingDir, instruction.path) };
    case 'USER':
      return instruction.user === '' ? without(config, 'User') : { ...config, User: instruction.user };
    case 'CMD':
      return { ...config, Cmd: commandWords(config, instruction.command) };
    case 'ENTRYPOINT': {
      const words = commandWords(config, instruction.command);
      const kept = without(config, 'Entrypoint', ...(commandSet ? [] : (['Cmd'] as const)));
      return words.length === 0 ? kept : { ...kept, Entrypoint: words };
    }
    case 'EXPOSE':
      // Words that expand to nothing expose nothing.
      if (instruction.ports.length === 0) return config;
      return { ...config, ExposedPorts: withKeys(config.ExposedPorts, instruction.ports) };
    case 'VOLUME':
      return { ...config, Volumes: withKeys(config.Volumes, instruction.paths) };
    case 'STOPSIGNAL':
      return { ...config, StopSignal: instruction.signal };
    case 'HEALTHCHECK':
      return { ...config, Healthcheck: instruction.healthCheck };
    case 'SHELL':
      return { ...config, Shell: instruction.shell };
    case 'ONBUILD':
      return { ...config, OnBuild: [...(config.OnBuild ?? []), instruction.expression] };
    case 'ARG':
    case 'COPY':
    case 'ADD':
    case 'MAINTAINER':
    case 'RUN':
      return config;
  }
}

/** The words that a container is started with: of the shell form behind the shell that is set. */
export function commandWords(config: ContainerConfig, command: Command): readonly string[] {
  if (command.form === 'exec') return command.words;
  const shell = config.Shell === undefined || config.Shell.length === 0 ? defaultShell : config.Shell;
  return [...shell, ...command.words];
}

function without(config: ContainerConfig, ...fields: (keyof ContainerConfig)[]): ContainerConfig {
  return Object.fromEntries(Object.entries(config).filter(([field]) => !fields.some((name) => name === field)));
}

/** A variable keeps the place where it first stood. */
function withVariable(environment: readonly string[], { name, value }: Pair): string[] {
  const variable = `${name}=${value}`;
  const at = environment.findIndex((entry) => entry.split('=', 1)[0] === name);
  return at < 0 ? [...environment, variable] : environment.with(at, variable);
}

/** Relative to the former, without `.`, `..` and doubled slashes; an empty path is the former itself. */
function workingDirectory(former: string | undefined, path: string): string {
  return posix.resolve('/', former ?? '', path);
}

/** `__proto__` is a label as any other. */
function fromPairs(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
}

function withKeys(
  former: Readonly<Record<string, object>> | undefined,
  keys: readonly string[],
): Record<string, object> {
  return { ...former, ...Object.fromEntries(keys.map((key) => [key, {}])) };
}
