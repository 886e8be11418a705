import { translateExpression } from './go-expression.js';

export type TranslatedGlob =
  /** The path is the pattern, or begins or ends as it does; no character but `**` at that end has a meaning. */
  | { readonly kind: 'exact' | 'prefix' | 'suffix' }
  /** The path matches this source of a regular expression with the flag `u`. */
  | { readonly kind: 'expression'; readonly expression: string };

/**
 * How Docker matches a pattern. It writes a regular expression of Go, not escaping all that has a meaning there (`|`, `{2}`, `^`), and
 * compares plain text where the pattern has no wildcard; both can be told from outside, so both are done here as there.
 */
export function translateGlob(glob: string): TranslatedGlob {
  const characters = [...glob];
  let kind: TranslatedGlob['kind'] = 'exact';
  let expression = '^';
  let index = 0;
  while (index < characters.length) {
    const start = index;
    const character = characters[index++] ?? '';
    if (character === '*' && characters[index] === '*') {
      index++;
      if (characters[index] === '/') index++;
      if (index < characters.length) {
        expression += '(.*/)?';
        kind = 'expression';
      } else if (kind === 'exact') {
        kind = 'prefix';
      } else {
        expression += '.*';
        kind = 'expression';
      }
      if (start === 0) kind = 'suffix';
    } else if (character === '*' || character === '?') {
      expression += character === '*' ? '[^/]*' : '[^/]';
      kind = 'expression';
    } else if (character === '\\') {
      expression += `\\${characters[index++] ?? ''}`;
      kind = 'expression';
    } else if ('.+()$'.includes(character)) {
      expression += `\\${character}`;
    } else {
      expression += character;
      if (character === '[' || character === ']') kind = 'expression';
    }
  }
  return kind === 'expression' ? { kind, expression: translateExpression(`${expression}$`) } : { kind };
}
