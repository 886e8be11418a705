import type { EscapeCharacter } from './dockerfile.js';
import { replaceByPattern, trimEndByPattern, trimStartByPattern } from './shell-pattern.js';

/** The value of a variable, undefined where it is not set. */
export type Lookup = (name: string) => string | undefined;

/** A word that cannot be expanded; the message says why and is meant to stand behind `Dockerfile line N:`. */
export class ExpansionError extends Error {}

export interface ExpansionOptions {
  readonly escape: EscapeCharacter;
  /** Leave quotes as they are, as in the content of a heredoc. */
  readonly literalQuotes?: boolean;
}

/**
 * Expands variables and takes quotes and escapes off, by the rules of Docker's own lexer, which are near the shell's but not
 * the same. The result is one text, its spaces kept. Throws `ExpansionError`.
 */
export function expandWord(word: string, lookup: Lookup, options: ExpansionOptions): string {
  return new Expansion(word, lookup, options)
    .run()
    .map((piece) => piece.text)
    .join('');
}

/** As `expandWord`, then split at the spaces that are neither quoted nor escaped. */
export function expandWords(word: string, lookup: Lookup, options: ExpansionOptions): string[] {
  const words: string[] = [];
  let current: string | undefined;
  for (const { text, quoted } of new Expansion(word, lookup, options).run()) {
    for (const part of quoted ? [text] : text.split(/(\s)/)) {
      if (quoted || !/^\s?$/.test(part)) current = (current ?? '') + part;
      else if (part !== '' && current) {
        words.push(current);
        current = undefined;
      }
    }
  }
  return current ? [...words, current] : words;
}

interface Piece {
  readonly text: string;
  /** Spaces in it do not split words. */
  readonly quoted: boolean;
}

class Expansion {
  /** Code points, so that no character is cut in two. */
  private readonly source: readonly string[];
  private at = 0;

  constructor(
    word: string,
    private readonly lookup: Lookup,
    private readonly options: ExpansionOptions,
  ) {
    this.source = [...word];
  }

  run(): Piece[] {
    return this.until(undefined, false);
  }

  /** Reads up to and over `stop`. `rawEscapes` keeps the escapes, for patterns that have their own. */
  private until(stop: string | undefined, rawEscapes: boolean): Piece[] {
    const pieces: Piece[] = [];
    while (this.at < this.source.length) {
      const letter = this.peek();
      if (letter === stop) {
        this.at++;
        return pieces;
      }
      if (letter === '$') pieces.push({ text: this.variable(), quoted: false });
      else if (letter === "'" && !this.options.literalQuotes) pieces.push({ text: this.singleQuoted(), quoted: true });
      else if (letter === '"' && !this.options.literalQuotes) {
        pieces.push({ text: this.doubleQuoted(rawEscapes), quoted: true });
      } else if (letter === this.options.escape) {
        this.at++;
        pieces.push({ text: (rawEscapes ? letter : '') + this.next(), quoted: true });
      } else pieces.push({ text: this.next(), quoted: false });
    }
    if (stop !== undefined) throw new ExpansionError(`a '\${' is not ended by '${stop}'.`);
    return pieces;
  }

  private textUntil(stop: string, rawEscapes: boolean): string {
    return this.until(stop, rawEscapes)
      .map((piece) => piece.text)
      .join('');
  }

  private singleQuoted(): string {
    this.at++;
    const end = this.source.indexOf("'", this.at);
    if (end < 0) throw new ExpansionError("a single quote (') is not closed.");
    const text = this.source.slice(this.at, end).join('');
    this.at = end + 1;
    return text;
  }

  private doubleQuoted(rawEscapes: boolean): string {
    this.at++;
    let text = '';
    for (;;) {
      if (this.at >= this.source.length) throw new ExpansionError('a double quote (") is not closed.');
      const letter = this.peek();
      if (letter === '"') {
        this.at++;
        return text;
      }
      if (letter === '$') text += this.variable();
      else if (letter === this.options.escape) {
        this.at++;
        const escaped = this.peek();
        if (escaped === undefined) continue;
        // Before any other character an escape within double quotes is an ordinary character.
        const special = escaped === '"' || escaped === '$' || escaped === this.options.escape;
        text += special ? (rawEscapes ? letter : '') + this.next() : (rawEscapes ? letter : '') + letter;
      } else text += this.next();
    }
  }

  private variable(): string {
    this.at++;
    if (this.peek() !== '{') {
      const name = this.name();
      return name === '' ? '$' : (this.lookup(name) ?? '');
    }
    this.at++;
    const name = this.name();
    if (name === '') throw new ExpansionError("a '${' has no name after it.");
    const value = this.lookup(name);
    const operator = this.next();
    if (operator === '}') return value ?? '';
    if (operator === '/') return this.replaced(name, value ?? '');
    if (operator === '#' || operator === '%') return this.trimmed(name, operator, value ?? '');
    const unset = value === undefined || (operator === ':' && value === '');
    return this.substituted(name, operator === ':' ? this.next() : operator, unset, value ?? '');
  }

  private substituted(name: string, operator: string, unset: boolean, value: string): string {
    if (!['-', '+', '?'].includes(operator)) {
      if (operator === '') throw new ExpansionError(`'\${${name}' has no closing brace.`);
      throw new ExpansionError(`'\${${name}…}' uses '${operator}', which is no operator.`);
    }
    const word = this.textUntil('}', false);
    if (operator === '-') return unset ? word : value;
    if (operator === '+') return unset ? '' : word;
    if (unset) throw new ExpansionError(`${name}: ${word === '' ? 'a value is needed' : word}.`);
    return value;
  }

  private trimmed(name: string, operator: '#' | '%', value: string): string {
    const word = this.textUntil('}', true);
    const longest = word.startsWith(operator);
    const pattern = longest ? word.slice(1) : word;
    const trim = operator === '#' ? trimStartByPattern : trimEndByPattern;
    return trim(value, pattern, longest) ?? this.wrongPattern(name, pattern);
  }

  private replaced(name: string, value: string): string {
    const all = this.peek() === '/';
    if (all) this.at++;
    const pattern = this.textUntil('/', true);
    const replacement = this.textUntil('}', true);
    return replaceByPattern(value, pattern, replacement, all) ?? this.wrongPattern(name, pattern);
  }

  private wrongPattern(name: string, pattern: string): never {
    throw new ExpansionError(`'\${${name}…}' has the pattern '${pattern}', which escapes what cannot be escaped.`);
  }

  /** Letters, digits and `_`; or digits alone; or one of the shell's special signs. */
  private name(): string {
    const rest = this.source.slice(this.at).join('');
    const [name = ''] = /^(?:\p{Nd}+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*)/u.exec(rest) ?? [];
    this.at += [...name].length;
    return name;
  }

  private peek(): string | undefined {
    return this.source[this.at];
  }

  private next(): string {
    return this.source[this.at++] ?? '';
  }
}
