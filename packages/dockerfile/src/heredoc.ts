import { dockerfileError } from './dockerfile-error.js';
import type { EscapeCharacter } from './dockerfile.js';
import { splitWords } from './words.js';

/** A heredoc as it is announced: `<<NAME`, `<<-NAME`, `<<"NAME"`. */
export interface HeredocMark {
  readonly name: string;
  /** `<<-`: leading tabs are taken off the content and its end. */
  readonly stripTabs: boolean;
  /** False where any part of the name is quoted. */
  readonly expand: boolean;
}

export interface Heredoc extends HeredocMark {
  /** The lines up to the end mark, line ends as they are. */
  readonly content: string;
}

const pattern = /^\d*<<(-?)([^<\s]+)$/;

/** The heredoc that a word announces, or undefined where it announces none. */
export function heredocMark(word: string): HeredocMark | undefined {
  const [, dash, rest] = pattern.exec(word) ?? [];
  if (rest === undefined) return undefined;
  const name = unquote(rest);
  if (name === undefined || name === '') return undefined;
  return { name, stripTabs: dash === '-', expand: !/["']/.test(rest) };
}

/** The heredocs that a COPY or ADD announces, in order. A mark that Docker reads in two ways is refused. */
export function heredocMarks(line: string, lineNumber: number, escape: EscapeCharacter): HeredocMark[] {
  const words = splitWords(line, escape);
  return words.flatMap((word, index) => {
    const mark = heredocMark(word);
    if (mark !== undefined) return [mark];
    const next = words[index + 1];
    const apart = /^\d*<<-?$/.test(word) && next !== undefined;
    const spaced = /^\d*<<-?(["']).*\s.*\1$/.test(word);
    if (!apart && !spaced) return [];
    throw dockerfileError(
      lineNumber,
      `the heredoc '${apart ? `${word} ${next}` : word}' has a space in it.`,
      'Write the name without spaces, right after the sign: <<EOF',
    );
  });
}

/** Takes the leading tabs off each line, as `<<-` asks. */
export function stripLeadingTabs(content: string): string {
  return content.replaceAll(/^\t+/gm, '');
}

function unquote(text: string): string | undefined {
  let name = '';
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === '"' || letter === "'") {
      const end = text.indexOf(letter, at + 1);
      if (end < 0) return undefined;
      name += text.slice(at + 1, end);
      at = end;
    } else {
      // A heredoc's name is read by the shell's own rules, whatever `# escape=` says.
      if (letter === '\\') at++;
      name += text.charAt(at);
    }
  }
  return name;
}
