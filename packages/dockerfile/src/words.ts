import { dockerfileError } from './dockerfile-error.js';
import type { EscapeCharacter } from './dockerfile.js';

/** Splits at white space outside quotes. Quotes and escapes stay in the words: expansion takes them off. */
export function splitWords(text: string, escape: EscapeCharacter): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === escape && quote !== "'") {
      // An escape that ends the text has nothing to escape.
      if (at + 1 < text.length) word += letter + text.charAt(++at);
    } else if (quote !== '') {
      word += letter;
      if (letter === quote) quote = '';
    } else if (/\s/.test(letter)) {
      if (word !== '') words.push(word);
      word = '';
    } else {
      word += letter;
      if (letter === '"' || letter === "'") quote = letter;
    }
  }
  if (word !== '') words.push(word);
  return words;
}

/** Splits at white space alone: of most instructions Docker heeds no quotes here. */
export function splitWhitespace(text: string): string[] {
  return text === '' ? [] : text.split(/[\t\v\f\r ]+/);
}

/** Splits off the first word; the rest is trimmed at its start. */
export function splitFirst(text: string): [string, string] {
  const [, first = '', rest = ''] = /^([^\t\v\f\r ]*)[\t\v\f\r ]*([\s\S]*)$/.exec(text) ?? [];
  return [first, rest];
}

/**
 * The texts of a JSON array, or undefined where the text is none, which makes it the shell form.
 * An array that holds anything but texts is refused, since it was meant as JSON.
 */
export function jsonWords(text: string, line: number): string[] | undefined {
  if (!text.trimStart().startsWith('[')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  return value.map((element: unknown) => {
    if (typeof element === 'string') return element;
    throw dockerfileError(line, 'the JSON form holds something that is no text.', 'Quote every element: ["a", "1"]');
  });
}
