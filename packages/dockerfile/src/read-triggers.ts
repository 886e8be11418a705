import type { Instruction } from './dockerfile.js';
import { logicalLines } from './logical-lines.js';
import { rawInstruction, readInstruction } from './read-instruction.js';

/**
 * The instructions that a base left in its configuration's `OnBuild`: they run first in a stage based on it, be it an image
 * or an earlier stage. Their line is that of the FROM. Throws `DOCKERFILE_SYNTAX`.
 */
export function readTriggers(triggers: readonly string[], from: { readonly line: number }): Instruction[] {
  return triggers.flatMap((trigger) => {
    const { lines, escape } = logicalLines(trigger);
    return lines.map(({ text, heredocs }) => readInstruction(rawInstruction(text, from.line, escape, heredocs)));
  });
}
