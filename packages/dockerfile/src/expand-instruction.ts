import { dockerfileError } from './dockerfile-error.js';
import type { AddInstruction, CopyInstruction, EscapeCharacter, Instruction } from './dockerfile.js';
import { expandAt, withLine } from './expand-at.js';
import { expandWord, expandWords, type Lookup } from './expand-word.js';
import { exposedPorts } from './exposed-ports.js';
import { isStopSignal, stopSignalNames } from './stop-signals.js';
import { suggestion } from '@slipway/core';

/**
 * The instruction with its variables replaced, where Docker replaces them: CMD, ENTRYPOINT, SHELL, HEALTHCHECK, ONBUILD and
 * MAINTAINER stay as they are. Every value of a line sees the variables as they were before the line. ARG is left to the
 * stage, which knows the build arguments. Throws `DOCKERFILE_SYNTAX`.
 */
export function expandInstruction(instruction: Instruction, lookup: Lookup, escape: EscapeCharacter): Instruction {
  const { line } = instruction;
  const expand = (word: string) => expandAt(line, word, lookup, escape);
  switch (instruction.kind) {
    case 'COPY':
    case 'ADD':
      return expandFiles(instruction, expand, lookup);
    case 'ENV':
    case 'LABEL': {
      const pairs = instruction.pairs.map(({ name, value }) => ({ name: expand(name), value: expand(value) }));
      if (pairs.some(({ name }) => name === '')) {
        throw dockerfileError(line, `a name of ${instruction.kind} is empty.`, `Write ${instruction.kind} NAME=value`);
      }
      return { ...instruction, pairs };
    }
    case 'WORKDIR':
      return { ...instruction, path: expand(instruction.path) };
    case 'USER':
      return { ...instruction, user: expand(instruction.user) };
    case 'VOLUME': {
      const paths = instruction.paths.map(expand);
      if (paths.includes(''))
        throw dockerfileError(line, 'a path of VOLUME is empty.', 'Set the variable, or drop the path.');
      return { ...instruction, paths };
    }
    case 'STOPSIGNAL':
      return { ...instruction, signal: stopSignal(expand(instruction.signal), line) };
    case 'EXPOSE': {
      // Docker sorts the words before it expands them, which shows in the history.
      const words = instruction.ports
        .toSorted()
        .flatMap((word) => withLine(line, word, () => expandWords(word, lookup, { escape })));
      return { ...instruction, ports: words.flatMap((word) => exposedPorts(word) ?? notAPort(word, line)) };
    }
    default:
      return instruction;
  }
}

function expandFiles<T extends CopyInstruction | AddInstruction>(
  files: T,
  expand: (word: string) => string,
  lookup: Lookup,
): T {
  const { line, chown, chmod } = files;
  // Within a heredoc the escape is always \, whatever the Dockerfile's own is.
  const content = (text: string) =>
    withLine(line, 'the heredoc', () => expandWord(text, lookup, { escape: '\\', literalQuotes: true }));
  return {
    ...files,
    sources: files.sources.map(expand),
    destination: expand(files.destination),
    inlineFiles: files.inlineFiles.map((file) => (file.expand ? { ...file, content: content(file.content) } : file)),
    ...(chown === undefined ? {} : { chown: expand(chown) }),
    ...(chmod === undefined ? {} : { chmod: expand(chmod) }),
    ...('checksum' in files && files.checksum !== undefined ? { checksum: expand(files.checksum) } : {}),
  };
}

function stopSignal(signal: string, line: number): string {
  if (isStopSignal(signal)) return signal;
  const fix = suggestion(
    signal.toUpperCase(),
    stopSignalNames.map((name) => `SIG${name}`),
  );
  throw dockerfileError(line, `'${signal}' is no signal.`, fix ?? 'Write STOPSIGNAL SIGTERM or a number.');
}

function notAPort(word: string, line: number): never {
  throw dockerfileError(
    line,
    `'${word}' is no port.`,
    'Write 8080, 8080/udp or 8000-8010; from 0 to 65535, tcp, udp or sctp.',
  );
}
