const meanings: readonly (readonly string[])[] = [
  ['list', 'ls'],
  ['delete', 'rm', 'remove'],
  ['describe', 'show', 'inspect'],
  ['register', 'create', 'add', 'new'],
  ['set', 'use', 'switch', 'activate'],
  ['get', 'current'],
];

/** The one of the words that means what this one does elsewhere, such as `list` for `ls`. */
export function sameMeaning(word: string, words: readonly string[]): string | undefined {
  return meanings.find((meaning) => meaning.includes(word))?.find((other) => words.includes(other));
}
