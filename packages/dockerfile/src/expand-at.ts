import { dockerfileError } from './dockerfile-error.js';
import type { EscapeCharacter } from './dockerfile.js';
import { expandWord, ExpansionError, type Lookup } from './expand-word.js';

/** Expands a word of the line; a word that cannot be expanded is `DOCKERFILE_SYNTAX` of that line. */
export function expandAt(line: number, word: string, lookup: Lookup, escape: EscapeCharacter): string {
  return withLine(line, word, () => expandWord(word, lookup, { escape }));
}

/** Runs an expansion and gives its failure the line. */
export function withLine<T>(line: number, word: string, expand: () => T): T {
  try {
    return expand();
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error;
    const fix = /quote/.test(error.message)
      ? 'Close the quote, or escape it with \\. In COPY and ADD names with spaces need the JSON form: ["a b", "/c/"]'
      : `Mend '${word.length > 80 ? `${word.slice(0, 79)}…` : word}', or set the variable: an ARG in the stage, or --build-arg.`;
    throw dockerfileError(line, error.message, fix);
  }
}
