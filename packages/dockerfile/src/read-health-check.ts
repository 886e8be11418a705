import type { HealthCheck } from '@slipway/oci';
import { dockerfileError } from './dockerfile-error.js';
import type { HealthCheckInstruction } from './dockerfile.js';
import { parseDuration } from './go-duration.js';
import { InstructionFlags } from './instruction-flags.js';
import type { RawInstruction } from './read-instruction.js';
import { jsonWords, splitFirst } from './words.js';

const durations = {
  interval: 'Interval',
  timeout: 'Timeout',
  'start-period': 'StartPeriod',
  'start-interval': 'StartInterval',
} as const;

export function readHealthCheck(raw: RawInstruction): HealthCheckInstruction {
  const { line } = raw;
  const flags = new InstructionFlags(
    'HEALTHCHECK',
    line,
    { interval: 'text', timeout: 'text', 'start-period': 'text', 'start-interval': 'text', retries: 'text' },
    raw.flags,
  );
  const [type, rest] = splitFirst(raw.rest);
  const wrong = (problem: string) =>
    dockerfileError(line, problem, 'Write HEALTHCHECK [--interval=30s …] CMD COMMAND, or HEALTHCHECK NONE');
  if (type.toUpperCase() === 'NONE') {
    if (rest !== '') throw wrong('HEALTHCHECK NONE has something after it.');
    return { kind: 'HEALTHCHECK', line, healthCheck: { Test: ['NONE'] } };
  }
  if (type.toUpperCase() !== 'CMD') throw wrong(`HEALTHCHECK has '${type}' where CMD or NONE belongs.`);
  const words = jsonWords(rest, line);
  if (words === undefined ? rest === '' : words.length === 0) throw wrong('HEALTHCHECK CMD has no command.');
  const test = words === undefined ? ['CMD-SHELL', rest] : ['CMD', ...words];
  return { kind: 'HEALTHCHECK', line, healthCheck: { Test: test, ...times(flags, line), ...retries(flags, line) } };
}

/** A zero means the default, which the configuration expresses by leaving the field out. */
function times(flags: InstructionFlags, line: number): HealthCheck {
  const given = Object.entries(durations).flatMap(([flag, field]) => {
    const text = flags.text(flag);
    if (text === undefined) return [];
    const nanoseconds = parseDuration(text);
    if (nanoseconds === undefined || (nanoseconds !== 0 && nanoseconds < 1_000_000)) {
      throw dockerfileError(
        line,
        `--${flag}=${text} is no time of a millisecond or more.`,
        'Write it as 30s, 1m30s or 500ms.',
      );
    }
    return nanoseconds === 0 ? [] : [[field, nanoseconds] as const];
  });
  return Object.fromEntries(given);
}

function retries(flags: InstructionFlags, line: number): HealthCheck {
  const text = flags.text('retries');
  if (text === undefined) return {};
  if (!/^\+?\d{1,9}$/.test(text))
    throw dockerfileError(line, `--retries=${text} is no count.`, 'Write it as --retries=3');
  return Number(text) === 0 ? {} : { Retries: Number(text) };
}
