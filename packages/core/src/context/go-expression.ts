/** What no regular expression with the flag `u` may hold, in a class or outside. */
const untranslatable = '\\y';

// Escapes of a letter that Go knows, as JavaScript writes them. All others make Docker refuse the pattern, or are beyond what anybody
// means by a backslash in a .dockerignore file.
const letterEscapes: Readonly<Record<string, string>> = {
  a: '\\x07',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
  d: '\\d',
  D: '\\D',
  w: '\\w',
  W: '\\W',
  s: '[\\t\\n\\f\\r ]',
  S: '[^\\t\\n\\f\\r ]',
};
const letterEscapesOutsideClasses: Readonly<Record<string, string>> = {
  ...letterEscapes,
  b: '\\b',
  B: '\\B',
  A: '^',
  z: '$',
};
const letterEscapesInsideClasses: Readonly<Record<string, string>> = {
  ...letterEscapes,
  s: '\\t\\n\\f\\r ',
  S: untranslatable,
};

/**
 * The source of a JavaScript regular expression, flag `u`, that matches what a regular expression of Go matches. Knows the part of Go's
 * syntax that patterns of a `.dockerignore` file lead to; what it does not know comes out as a source that does not compile.
 */
export function translateExpression(source: string): string {
  const characters = [...source];
  let result = '';
  let index = 0;
  while (index < characters.length) {
    const character = characters[index] ?? '';
    if (character === '[') {
      const translated = translateClass(characters, index);
      result += translated.expression;
      index = translated.end;
      continue;
    }
    index++;
    if (character === '\\') {
      result += escaped(characters[index++] ?? '', letterEscapesOutsideClasses);
    } else if (character === '.') {
      result += '[^\\n]'; // JavaScript's dot knows more line ends
    } else if (character === '{') {
      // Go takes a brace that begins no repetition for itself.
      const repetition = /^\d+(,\d*)?\}/.exec(characters.slice(index).join(''))?.[0];
      result += repetition === undefined ? '\\{' : `{${repetition}`;
      index += repetition?.length ?? 0;
    } else {
      result += character === ']' || character === '}' ? `\\${character}` : character;
    }
  }
  return result;
}

function translateClass(characters: readonly string[], start: number): { expression: string; end: number } {
  let index = start + 1;
  let expression = '[';
  if (characters[index] === '^') {
    expression += '^';
    index++;
  }
  const first = index;
  while (index < characters.length && (index === first || characters[index] !== ']')) {
    // A class by name, e.g. [:alpha:].
    if (characters[index] === '[' && characters[index + 1] === ':')
      return { expression: untranslatable, end: characters.length };
    const character = characters[index++] ?? '';
    if (character === '\\') {
      expression += escaped(characters[index++] ?? '', letterEscapesInsideClasses);
    } else if (character === '-' && index - 1 !== first && characters[index] !== ']') {
      expression += '-';
    } else {
      expression += literal(character);
    }
  }
  return index < characters.length
    ? { expression: `${expression}]`, end: index + 1 }
    : { expression: untranslatable, end: index };
}

function escaped(character: string, letters: Readonly<Record<string, string>>): string {
  if (!/^[a-zA-Z0-9]$|[^\0-\x7f]/u.test(character)) return literal(character);
  return Object.hasOwn(letters, character) ? (letters[character] ?? untranslatable) : untranslatable;
}

/** The character itself, inside of classes and outside. */
function literal(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
