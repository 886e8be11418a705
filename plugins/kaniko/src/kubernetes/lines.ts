/**
 * The lines of a stream of UTF-8, without their ends; what follows the last line end comes as a line of its own, unless only whole lines
 * are wanted. A stream that fails passes its error on, and its unfinished line is left out.
 */
export async function* lines(
  stream: AsyncIterable<Buffer>,
  { onlyWhole = false }: { readonly onlyWhole?: boolean } = {},
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  // Pieces of one line are joined once, when it ends: a build may print megabytes without a line end.
  let pieces: string[] = [];
  for await (const chunk of stream) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n');
    for (let index = 0; index < parts.length; index++) {
      pieces.push(parts[index] ?? '');
      if (index === parts.length - 1) break;
      yield withoutReturn(pieces.join(''));
      pieces = [];
    }
  }
  if (onlyWhole) return;
  const rest = pieces.join('') + decoder.decode();
  if (rest !== '') yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
