/** The words with their indefinite article: `an image builder`. */
export function an(words: string): string {
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
}

/** One line that stands for a value of a configuration: text as it is, everything else as JSON. */
export function shownValue(value: unknown): string {
  if (value === undefined) return '-';
  if (typeof value !== 'string') return JSON.stringify(value);
  const [first = '', ...more] = value.trimEnd().split('\n');
  return more.length === 0 ? first : `${first} … (${more.length + 1} lines)`;
}

/** `team=payments, tier=2`; `-` where there are none. */
export function shownLabels(labels: Readonly<Record<string, string>>): string {
  const texts = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return texts.length === 0 ? '-' : texts.join(', ');
}
