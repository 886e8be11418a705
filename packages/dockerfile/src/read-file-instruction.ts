import { dockerfileError } from './dockerfile-error.js';
import type { AddInstruction, CopyInstruction, InlineFile } from './dockerfile.js';
import { heredocMark, stripLeadingTabs, type Heredoc } from './heredoc.js';
import { InstructionFlags, type FlagType } from './instruction-flags.js';
import type { RawInstruction } from './read-instruction.js';
import { jsonWords, splitWhitespace } from './words.js';

const common = { chown: 'text', chmod: 'text', link: 'boolean', exclude: 'texts' } satisfies Record<string, FlagType>;

export function readCopy(raw: RawInstruction): CopyInstruction {
  const flags = new InstructionFlags('COPY', raw.line, { ...common, from: 'text', parents: 'boolean' }, raw.flags);
  const from = flags.text('from');
  return {
    kind: 'COPY',
    ...readFiles(raw, flags),
    ...(from === undefined ? {} : { from: withoutVariables(from, raw.line) }),
    parents: flags.boolean('parents') ?? false,
  };
}

export function readAdd(raw: RawInstruction): AddInstruction {
  const known: Record<string, FlagType> = { ...common, checksum: 'text', 'keep-git-dir': 'boolean', unpack: 'boolean' };
  const flags = new InstructionFlags('ADD', raw.line, known, raw.flags);
  const checksum = flags.text('checksum');
  const keepGitDirectory = flags.boolean('keep-git-dir');
  const unpack = flags.boolean('unpack');
  return {
    kind: 'ADD',
    ...readFiles(raw, flags),
    ...(checksum === undefined ? {} : { checksum }),
    ...(keepGitDirectory === undefined ? {} : { keepGitDirectory }),
    ...(unpack === undefined ? {} : { unpack }),
  };
}

function readFiles(raw: RawInstruction, flags: InstructionFlags): Omit<CopyInstruction, 'kind' | 'from' | 'parents'> {
  const { name, line } = raw;
  const json = jsonWords(raw.rest, line);
  const words = json ?? splitWhitespace(raw.rest);
  const destination = words.at(-1);
  if (destination === undefined || words.length < 2) {
    const fix = `Write ${name} SOURCE DESTINATION, or ${name} ["SOURCE", "DESTINATION"] for names with spaces.`;
    throw dockerfileError(line, `${name} needs a source and a destination.`, fix);
  }
  const given = words.slice(0, -1);
  const markOf = (word: string) => (json === undefined ? heredocMark(word) : undefined);
  if (markOf(destination) !== undefined) {
    throw dockerfileError(line, `${name} has a heredoc as its destination.`, `Write ${name} <<EOF /path/of/the/file`);
  }
  const inlineFiles = given.flatMap((word) => {
    const mark = markOf(word);
    return mark === undefined ? [] : [inlineFile(mark.name, raw.heredocs)];
  });
  const chown = flags.text('chown');
  const chmod = flags.text('chmod');
  return {
    line,
    sources: given.filter((word) => markOf(word) === undefined),
    inlineFiles,
    destination,
    ...(chown === undefined ? {} : { chown }),
    ...(chmod === undefined ? {} : { chmod }),
    link: flags.boolean('link') ?? false,
    exclude: flags.texts('exclude'),
  };
}

function inlineFile(name: string, heredocs: readonly Heredoc[]): InlineFile {
  const {
    content = '',
    stripTabs = false,
    expand = false,
  } = heredocs.findLast((heredoc) => heredoc.name === name) ?? {};
  return { name, content: stripTabs ? stripLeadingTabs(content) : content, expand };
}

function withoutVariables(from: string, line: number): string {
  if (!from.includes('$')) return from;
  throw dockerfileError(
    line,
    `COPY --from=${from} has a variable, which Docker does not expand there.`,
    'Name the image in a stage of its own (ARG before the first FROM, then FROM $IMAGE AS files), and copy --from=files.',
  );
}
