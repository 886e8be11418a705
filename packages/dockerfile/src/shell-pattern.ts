/**
 * The regular expression of a shell pattern, where `*` is any text and `?` any one character; brackets are literal, as
 * Docker has them. `*`, `?` and `\` can be escaped; `\}` and `\/` stand for themselves. Undefined where the pattern is wrong.
 */
function regularExpression(pattern: string, star: '.*' | '.*?'): string | undefined {
  let expression = '';
  for (let at = 0; at < pattern.length; at++) {
    let letter = pattern.charAt(at);
    if (letter === '*') {
      expression += star;
      continue;
    }
    if (letter === '?') {
      expression += '.';
      continue;
    }
    if (letter === '\\') {
      letter = pattern.charAt(++at);
      if (!['*', '?', '\\', '}', '/'].includes(letter)) return undefined;
    }
    expression += letter.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  }
  return expression;
}

/** Takes the shortest (or the longest) match off the start of the value. Undefined where the pattern is wrong. */
export function trimStartByPattern(value: string, pattern: string, longest: boolean): string | undefined {
  const expression = regularExpression(pattern, longest ? '.*' : '.*?');
  return expression === undefined ? undefined : value.replace(new RegExp(`^(?:${expression})`, 'u'), '');
}

/** Takes the shortest (or the longest) match off the end of the value. Undefined where the pattern is wrong. */
export function trimEndByPattern(value: string, pattern: string, longest: boolean): string | undefined {
  const expression = regularExpression(pattern, '.*');
  if (expression === undefined) return undefined;
  const atEnd = new RegExp(`^(?:${expression})$`, 'u');
  const characters = [...value];
  const lengths = characters.map((_, index) => index).concat(characters.length);
  // The cut of the shortest match is the last one that leaves a match behind it.
  const cut = (longest ? lengths : lengths.toReversed()).find((at) => atEnd.test(characters.slice(at).join('')));
  return cut === undefined ? value : characters.slice(0, cut).join('');
}

/** Replaces the first match, or all. The replacement is literal. Undefined where the pattern is wrong. */
export function replaceByPattern(
  value: string,
  pattern: string,
  replacement: string,
  all: boolean,
): string | undefined {
  const expression = regularExpression(pattern, '.*');
  return expression === undefined
    ? undefined
    : value.replace(new RegExp(expression, all ? 'gu' : 'u'), () => replacement);
}
