/**
 * Whether Docker accepts the syntax of a pattern: every `[` opens a class of at least one character or range and is closed, `-` and `]`
 * stand in a class only escaped, and no backslash is the last character.
 */
export function isValidGlob(glob: string): boolean {
  const characters = [...glob];
  let index = 0;

  /** Steps over one character of a class, with its backslash; false where none may stand here or nothing follows. */
  const stepClassCharacter = (): boolean => {
    const character = characters[index];
    if (character === undefined || character === '-' || character === ']') return false;
    index += character === '\\' ? 2 : 1;
    return index < characters.length;
  };

  while (index < characters.length) {
    const character = characters[index++];
    if (character === '\\') {
      if (index++ >= characters.length) return false;
    } else if (character === '[') {
      if (characters[index] === '^') index++;
      let ranges = 0;
      while (ranges === 0 || characters[index] !== ']') {
        if (!stepClassCharacter()) return false;
        if (characters[index] === '-') {
          index++;
          if (!stepClassCharacter()) return false;
        }
        ranges++;
      }
      index++;
    }
  }
  return true;
}
