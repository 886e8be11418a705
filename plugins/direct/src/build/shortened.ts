/** A text of the Dockerfile in one line that fits into an error. */
export function shortened(written: string): string {
  const text = written.replaceAll(/\s+/g, ' ').trim();
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
