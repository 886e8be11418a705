import { dockerfileError } from './dockerfile-error.js';
import type { Instruction } from './dockerfile.js';
import { logicalLines } from './logical-lines.js';
import { isFrom, rawInstruction, readInstruction } from './read-instruction.js';

/**
 * One of the instructions that a base left in its configuration's `OnBuild`: they run first in a stage based on it, be it an image
 * or an earlier stage. Its line is that of the FROM. Throws `DOCKERFILE_SYNTAX`.
 */
export function readTrigger(trigger: string, from: { readonly line: number }): Instruction {
  const { lines, escape } = logicalLines(trigger);
  const raws = lines.map(({ text, heredocs }) => rawInstruction(text, from.line, escape, heredocs));
  const [raw, ...more] = raws;
  if (raw === undefined || more.length > 0 || isFrom(raw)) {
    throw dockerfileError(
      from.line,
      `the base has ONBUILD '${trigger}', which is no single instruction.`,
      'Take another base, or build it with one instruction after each ONBUILD.',
    );
  }
  return readInstruction(raw);
}
