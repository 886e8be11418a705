import { suggestion } from '@slipway/core';
import { dockerfileError } from './dockerfile-error.js';
import type { ArgInstruction, Command, EscapeCharacter, Instruction, Pair } from './dockerfile.js';
import type { Heredoc } from './heredoc.js';
import { InstructionFlags, splitFlags } from './instruction-flags.js';
import { readAdd, readCopy } from './read-file-instruction.js';
import { readHealthCheck } from './read-health-check.js';
import { jsonWords, splitFirst, splitWhitespace, splitWords } from './words.js';

/** One instruction, taken apart only as far as all instructions are alike. */
export interface RawInstruction {
  readonly name: string;
  readonly line: number;
  readonly flags: readonly string[];
  /** What stands behind the flags, trimmed. */
  readonly rest: string;
  /** All that stands behind the name, flags and all. */
  readonly original: string;
  readonly heredocs: readonly Heredoc[];
  readonly escape: EscapeCharacter;
}

/** FROM, which is no instruction of a stage but begins one. */
export interface RawFrom extends RawInstruction {
  readonly name: 'FROM';
}

const readers: Readonly<Record<Instruction['kind'], (raw: RawInstruction) => Instruction>> = {
  ADD: readAdd,
  ARG: readArg,
  CMD: (raw) => ({ kind: 'CMD', line: withoutFlags(raw), command: readCommand(raw.rest, raw.line) }),
  COPY: readCopy,
  ENTRYPOINT: (raw) => ({ kind: 'ENTRYPOINT', line: withoutFlags(raw), command: readCommand(raw.rest, raw.line) }),
  ENV: (raw) => ({ kind: 'ENV', line: withoutFlags(raw), pairs: readPairs(raw) }),
  EXPOSE: (raw) => ({ kind: 'EXPOSE', line: withoutFlags(raw), ports: splitWhitespace(needed(raw, 'EXPOSE 8080')) }),
  HEALTHCHECK: readHealthCheck,
  LABEL: (raw) => ({ kind: 'LABEL', line: withoutFlags(raw), pairs: readPairs(raw) }),
  MAINTAINER: (raw) => ({ kind: 'MAINTAINER', line: withoutFlags(raw), maintainer: needed(raw, 'MAINTAINER NAME') }),
  ONBUILD: readOnBuild,
  RUN: (raw) => ({ kind: 'RUN', line: raw.line, command: raw.original }),
  SHELL: readShell,
  STOPSIGNAL: (raw) => ({ kind: 'STOPSIGNAL', line: withoutFlags(raw), signal: needed(raw, 'STOPSIGNAL SIGTERM') }),
  USER: (raw) => ({ kind: 'USER', line: withoutFlags(raw), user: needed(raw, 'USER 1000') }),
  VOLUME: readVolume,
  WORKDIR: (raw) => ({ kind: 'WORKDIR', line: withoutFlags(raw), path: needed(raw, 'WORKDIR /app') }),
};

/** Splits a joined line into name, flags and arguments. The name is upper-case, and known or refused. */
export function rawInstruction(
  text: string,
  line: number,
  escape: EscapeCharacter,
  heredocs: readonly Heredoc[],
): RawInstruction {
  const [word, original] = splitFirst(text);
  const name = word.toUpperCase();
  if (name !== 'FROM' && !Object.hasOwn(readers, name)) {
    const known = ['FROM', ...Object.keys(readers)];
    throw dockerfileError(
      line,
      `'${word}' is no instruction.`,
      suggestion(name, known) ?? `Known: ${known.join(', ')}.`,
    );
  }
  return { name, line, ...splitFlags(original, escape), original, heredocs, escape };
}

/** Reads any instruction but FROM. */
export function readInstruction(raw: RawInstruction): Instruction {
  return readers[raw.name as Instruction['kind']](raw);
}

export function isFrom(raw: RawInstruction): raw is RawFrom {
  return raw.name === 'FROM';
}

/** Refuses flags, and returns the line so that it can stand where the instruction is made. */
function withoutFlags(raw: RawInstruction): number {
  new InstructionFlags(raw.name, raw.line, {}, raw.flags);
  return raw.line;
}

function needed(raw: RawInstruction, example: string): string {
  if (raw.rest === '') throw nothingAfter(raw, example);
  return raw.rest;
}

function neededWords(raw: RawInstruction, example: string): string[] {
  const words = splitWords(raw.rest, raw.escape);
  // An escape alone is a text, but no word.
  if (words.length === 0) throw nothingAfter(raw, example);
  return words;
}

function nothingAfter(raw: RawInstruction, example: string): Error {
  return dockerfileError(raw.line, `${raw.name} has nothing after it.`, `Write ${example}`);
}

function readCommand(rest: string, line: number): Command {
  const words = jsonWords(rest, line);
  return words === undefined ? { form: 'shell', words: [rest] } : { form: 'exec', words };
}

function readPairs(raw: RawInstruction): Pair[] {
  const words = neededWords(raw, `${raw.name} NAME=value`);
  if (words[0]?.includes('=') === false) {
    // The old form: one name, and all that follows is its value.
    const [name, value] = splitFirst(raw.rest);
    if (value === '')
      throw dockerfileError(raw.line, `${raw.name} ${name} has no value.`, `Write ${raw.name} ${name}=value`);
    return [{ name, value }];
  }
  return words.map((word) => {
    const at = word.indexOf('=');
    if (at > 0) return { name: word.slice(0, at), value: word.slice(at + 1) };
    const problem = at === 0 ? `'${word}' has no name before the =.` : `'${word}' has no =.`;
    throw dockerfileError(
      raw.line,
      problem,
      `Write ${raw.name} NAME=value, and quote a value that has spaces: NAME="a b"`,
    );
  });
}

function readArg(raw: RawInstruction): ArgInstruction {
  const line = withoutFlags(raw);
  const parameters = neededWords(raw, 'ARG NAME=default').map((word) => {
    const at = word.indexOf('=');
    if (at === 0) throw dockerfileError(line, `'${word}' has no name before the =.`, 'Write ARG NAME=default');
    return at < 0 ? { name: word } : { name: word.slice(0, at), value: word.slice(at + 1) };
  });
  return { kind: 'ARG', line, parameters };
}

function readShell(raw: RawInstruction): Instruction {
  const line = withoutFlags(raw);
  const shell = jsonWords(raw.rest, line);
  if (shell === undefined || shell.length === 0) {
    throw dockerfileError(
      line,
      'SHELL takes a list of words, in the JSON form alone.',
      'Write SHELL ["/bin/bash", "-c"]',
    );
  }
  return { kind: 'SHELL', line, shell };
}

function readVolume(raw: RawInstruction): Instruction {
  const line = withoutFlags(raw);
  const paths = (jsonWords(raw.rest, line) ?? splitWhitespace(raw.rest)).map((path) => path.trim());
  if (paths.length === 0 || paths.includes('')) {
    throw dockerfileError(line, 'VOLUME has no path.', 'Write VOLUME /data or VOLUME ["/data"]');
  }
  return { kind: 'VOLUME', line, paths };
}

function readOnBuild(raw: RawInstruction): Instruction {
  const line = withoutFlags(raw);
  const trigger = rawInstruction(needed(raw, 'ONBUILD COPY . /app'), line, raw.escape, raw.heredocs);
  if (['ONBUILD', 'FROM', 'MAINTAINER'].includes(trigger.name)) {
    throw dockerfileError(line, `ONBUILD cannot trigger ${trigger.name}.`, 'Take any other instruction.');
  }
  readInstruction(trigger);
  // The heredocs travel with the text, since the image's configuration has room for nothing else.
  const heredocs = raw.heredocs.map(({ content, name }) => `\n${content}${name}`).join('');
  return { kind: 'ONBUILD', line, expression: raw.original + heredocs };
}
