import type { ContainerConfig, HealthCheck } from '@slipway/oci';
import { commandWords } from './apply-instruction.js';
import type { AddInstruction, CopyInstruction, Instruction, Pair } from './dockerfile.js';
import { formatDuration } from './go-duration.js';

/**
 * The `created_by` of the image's history for an expanded instruction, in BuildKit's words, so that tools which read them
 * understand ours. `config` is the configuration after the instruction. Undefined for ONBUILD, which leaves no entry.
 */
export function createdBy(instruction: Instruction, config: ContainerConfig): string | undefined {
  switch (instruction.kind) {
    case 'COPY':
    case 'ADD':
      return createdByFiles(instruction);
    case 'ENV':
    case 'LABEL':
      return [instruction.kind, ...instruction.pairs.map(pairText)].join(' ');
    case 'ARG': {
      const texts = instruction.parameters.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`));
      return ['ARG', ...texts].join(' ');
    }
    case 'WORKDIR':
      return `WORKDIR ${config.WorkingDir}`;
    case 'USER':
      return `USER ${instruction.user}`;
    case 'CMD':
    case 'ENTRYPOINT':
      return `${instruction.kind} [${commandWords(config, instruction.command).map(goQuoted).join(' ')}]`;
    case 'EXPOSE':
      return `EXPOSE [${instruction.ports.join(' ')}]`;
    case 'VOLUME':
      return `VOLUME [${instruction.paths.join(' ')}]`;
    case 'STOPSIGNAL':
      return `STOPSIGNAL ${instruction.signal}`;
    case 'HEALTHCHECK':
      return `HEALTHCHECK ${healthCheckText(instruction.healthCheck)}`;
    case 'SHELL':
      return `SHELL [${instruction.shell.join(' ')}]`;
    case 'MAINTAINER':
      return `MAINTAINER ${instruction.maintainer}`;
    case 'RUN':
      return `RUN ${instruction.command}`;
    case 'ONBUILD':
      return undefined;
  }
}

function createdByFiles(files: CopyInstruction | AddInstruction): string {
  const words = [
    files.kind,
    ...(files.kind === 'COPY' && files.parents ? ['--parents'] : []),
    ...(files.chown ? [`--chown=${files.chown}`] : []),
    ...(files.chmod ? [`--chmod=${files.chmod}`] : []),
    ...files.sources,
    ...files.inlineFiles.map(({ name }) => `<<${name}`),
    files.destination,
  ];
  return `${words.join(' ')} # buildkit`;
}

function pairText({ name, value }: Pair): string {
  return `${name}=${value}`;
}

function healthCheckText(check: HealthCheck): string {
  const times = (['Interval', 'Timeout', 'StartPeriod', 'StartInterval'] as const).map(
    (field) => `${field}:${formatDuration(check[field] ?? 0)}`,
  );
  return `{Test:[${(check.Test ?? []).join(' ')}] ${times.join(' ')} Retries:${check.Retries ?? 0}}`;
}

const named: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

/** A text in the quotes and escapes of Go. */
function goQuoted(text: string): string {
  const letters = [...text].map((letter) => {
    const code = letter.codePointAt(0) ?? 0;
    if (Object.hasOwn(named, letter)) return named[letter];
    if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(letter)) return letter;
    if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `"${letters.join('')}"`;
}
