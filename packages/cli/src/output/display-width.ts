/** How many columns of a terminal a text takes. */
export type Measure = (text: string) => number;

// What is one column wide wherever it stands: ASCII, Latin letters, dashes, quotes, the ellipsis, arrows.
const narrow = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u2193]*$/;

/** Measures these texts: the tables of wide characters and emoji load only where one may be among them. */
export async function measureFor(texts: Iterable<string>): Promise<Measure> {
  for (const text of texts) {
    if (!narrow.test(text)) return (await import('string-width')).default;
  }
  return (text) => text.length;
}

/** The text in at most `columns` columns; where something is left out, it ends with `…`. */
export function shortened(text: string, columns: number, measure: Measure): string {
  if (measure(text) <= columns) return text;
  let result = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (measure(result + segment) > columns - 1) break;
    result += segment;
  }
  return columns < 1 ? '' : `${result.trimEnd()}…`;
}

/** The text in lines of at most `columns` columns, broken between words; a word that is longer stays whole. */
export function wrapped(text: string, columns: number, measure: Measure): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(' ')) {
    if (line !== undefined && measure(line) + 1 + measure(word) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === undefined ? word : `${line} ${word}`;
    }
  }
  return [...lines, line ?? ''];
}
