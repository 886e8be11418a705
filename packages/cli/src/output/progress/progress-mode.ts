import { suggestion, UsageError } from '@slipway/core';
import type { ProgressStream } from './progress-view.js';

/** As buildx names them: `auto` is `tty` on a terminal and `plain` elsewhere. */
export const progressModes = ['auto', 'tty', 'plain', 'quiet', 'rawjson'] as const;
export type ProgressMode = Exclude<(typeof progressModes)[number], 'auto'>;

interface Environment {
  readonly [name: string]: string | undefined;
}

/**
 * How a build is shown: the option, else SLIPWAY_PROGRESS, else BUILDKIT_PROGRESS, else the user's setting, else what the stream is.
 * @throws UsageError `INVALID_PROGRESS` where an environment variable names no mode
 */
export function progressMode(
  option: string | undefined,
  environment: Environment,
  stream: Pick<ProgressStream, 'isTTY'>,
  setting?: string,
): ProgressMode {
  const wanted = option ?? fromEnvironment(environment) ?? setting ?? 'auto';
  if (wanted !== 'auto') return wanted as ProgressMode;
  // What watches over a build server's terminal is a log.
  const watched = stream.isTTY === true && environment['TERM'] !== 'dumb' && !isSet(environment['CI']);
  return watched ? 'tty' : 'plain';
}

function fromEnvironment(environment: Environment): string | undefined {
  for (const variable of ['SLIPWAY_PROGRESS', 'BUILDKIT_PROGRESS']) {
    const value = environment[variable];
    if (value === undefined || value === '') continue;
    if ((progressModes as readonly string[]).includes(value)) return value;
    throw new UsageError({
      code: 'INVALID_PROGRESS',
      message: `${variable} is '${value}', which is no way to show progress.`,
      reason: suggestion(value, progressModes),
      fix: `Set ${variable} to one of ${progressModes.join(', ')}, or unset it.`,
    });
  }
  return undefined;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}
