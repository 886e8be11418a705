/**
 * A regular expression for one pattern as Go's filepath.Match reads it: `*` and `?` stop at a slash, `**` is no more than `*`, a backslash
 * takes the meaning from what follows.
 * @returns undefined for a pattern that Go refuses
 */
export function compileGoGlob(pattern: string): RegExp | undefined {
  const characters = [...pattern];
  let source = '';
  let index = 0;
  while (index < characters.length) {
    const character = characters[index++] ?? '';
    if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '\\') {
      const next = characters[index++];
      if (next === undefined) return undefined;
      source += literal(next);
    } else if (character === '[') {
      const charClass = readClass(characters, index);
      if (charClass === undefined) return undefined;
      source += charClass.source;
      index = charClass.end;
    } else source += literal(character);
  }
  return new RegExp(`^${source}$`, 'su');
}

/** Whether a path of an instruction has a character that makes it a pattern. */
export function hasGlob(path: string): boolean {
  return /[*?[]/.test(path.replace(/\\./gsu, ''));
}

/** The path that a text without wildcards means. */
export function unescapeGlob(path: string): string {
  return path.replace(/\\(.)/gsu, '$1');
}

function readClass(characters: readonly string[], start: number): { source: string; end: number } | undefined {
  let index = start;
  const negated = characters[index] === '^';
  if (negated) index++;
  const ranges: string[] = [];

  const take = (): string | undefined => {
    let character = characters[index++];
    if (character === undefined || character === '-' || character === ']') return undefined;
    if (character === '\\') character = characters[index++];
    return index < characters.length ? character : undefined;
  };

  while (ranges.length === 0 || characters[index] !== ']') {
    const low = take();
    if (low === undefined) return undefined;
    let high = low;
    if (characters[index] === '-') {
      index++;
      const end = take();
      if (end === undefined) return undefined;
      high = end;
    }
    // A range the wrong way round matches nothing in Go, and is no expression here.
    ranges.push((low.codePointAt(0) ?? 0) > (high.codePointAt(0) ?? 0) ? '' : `${literal(low)}-${literal(high)}`);
  }
  return { source: `${negated ? '[^' : '['}${ranges.join('')}]`, end: index + 1 };
}

function literal(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
