import { dockerfileError } from './dockerfile-error.js';
import type { DockerfileWarning, EscapeCharacter } from './dockerfile.js';
import { heredocMarks, type Heredoc, type HeredocMark } from './heredoc.js';
import { ParserDirectives } from './parser-directives.js';

/** An instruction with its continuation lines joined. */
export interface LogicalLine {
  readonly text: string;
  /** Where it begins, from 1. */
  readonly line: number;
  readonly heredocs: readonly Heredoc[];
}

export interface LogicalLines {
  readonly lines: readonly LogicalLine[];
  readonly escape: EscapeCharacter;
  readonly syntax?: string;
  readonly warnings: readonly DockerfileWarning[];
}

/** Joins continued lines, drops comments and blank lines, and takes heredocs to the instruction that announces them. */
export function logicalLines(source: string): LogicalLines {
  // The line ends are kept: they belong to a heredoc's content.
  const physical = source.replace(/^\uFEFF/, '').match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const directives = new ParserDirectives();
  const lines: LogicalLine[] = [];
  const warnings: DockerfileWarning[] = [];
  let at = 0;
  while (at < physical.length) {
    const line = at + 1;
    const first = withoutLineEnd(physical[at++]).trimStart();
    directives.read(first, line);
    if (first === '' || first.startsWith('#')) continue;
    let { text, continues } = continuation(first, directives.escape);
    let empty = false;
    while (continues && at < physical.length) {
      const next = withoutLineEnd(physical[at++]);
      const content = next.trimStart();
      if (content === '') empty = true;
      if (content === '' || content.startsWith('#')) continue;
      const part = continuation(next, directives.escape);
      text += part.text;
      continues = part.continues;
    }
    if (empty) warnings.push({ line, message: 'An empty line stands within the continued instruction.' });
    const heredocs = announced(text, line, directives.escape).map((mark) => {
      const end = endOf(mark, physical, at);
      if (end < 0) throw unterminated(mark, line);
      const content = physical.slice(at, end).join('');
      at = end + 1;
      return { ...mark, content };
    });
    lines.push({ text: text.trim(), line, heredocs });
  }
  const { escape, syntax } = directives;
  return { lines, escape, warnings, ...(syntax === undefined ? {} : { syntax }) };
}

function withoutLineEnd(line = ''): string {
  return line.replace(/[\r\n]+$/, '');
}

/** A doubled escape at the end is an escaped one and continues nothing. */
function continuation(line: string, escape: EscapeCharacter): { text: string; continues: boolean } {
  const [end] = /[ \t]*$/.exec(line) ?? [''];
  const body = line.slice(0, line.length - end.length);
  if (!body.endsWith(escape) || body.endsWith(escape + escape)) return { text: line, continues: false };
  return { text: body.slice(0, -1), continues: true };
}

/** Heredocs are read after RUN too, so that their lines are not taken for instructions. */
function announced(text: string, line: number, escape: EscapeCharacter): HeredocMark[] {
  if (!text.includes('<<')) return [];
  const [, argument] = /^\s*(?:ONBUILD\s+)?(?:COPY|ADD|RUN)\s+([\s\S]*)$/i.exec(text) ?? [];
  if (argument === undefined || isJson(argument.replace(/^(?:--\S+\s+)*/, ''))) return [];
  return heredocMarks(argument, line, escape);
}

function isJson(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

function endOf(mark: HeredocMark, physical: readonly string[], from: number): number {
  return physical.findIndex((candidate, index) => {
    const line = withoutLineEnd(candidate);
    return index >= from && (mark.stripTabs ? line.replace(/^\t+/, '') : line) === mark.name;
  });
}

function unterminated(mark: HeredocMark, line: number): Error {
  return dockerfileError(
    line,
    `the heredoc '${mark.name}' has no end.`,
    `End it with a line that holds ${mark.name} and nothing else.`,
  );
}
