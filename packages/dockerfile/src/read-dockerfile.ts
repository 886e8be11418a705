import { UsageError } from '@slipway/core';
import { dockerfileError } from './dockerfile-error.js';
import type { ArgInstruction, Dockerfile, Instruction, Stage } from './dockerfile.js';
import { InstructionFlags } from './instruction-flags.js';
import { logicalLines } from './logical-lines.js';
import { isFrom, rawInstruction, readInstruction, type RawFrom } from './read-instruction.js';
import { splitWhitespace } from './words.js';

/**
 * Reads a Dockerfile into data, without expanding anything. What a builder cannot carry out is the builder's to
 * refuse, and only in the stages that it needs. Throws `DOCKERFILE_SYNTAX`.
 */
export function readDockerfile(source: string): Dockerfile {
  const { lines, escape, syntax, warnings } = logicalLines(source);
  const globalArguments: ArgInstruction[] = [];
  const stages: (Omit<Stage, 'instructions'> & { instructions: Instruction[] })[] = [];
  for (const { text, line, heredocs } of lines) {
    const raw = rawInstruction(text, line, escape, heredocs);
    if (isFrom(raw)) {
      stages.push({ ...readFrom(raw), instructions: [] });
      continue;
    }
    const instruction = readInstruction(raw);
    const stage = stages.at(-1);
    if (stage !== undefined) stage.instructions.push(instruction);
    else if (instruction.kind === 'ARG') globalArguments.push(instruction);
    else
      throw dockerfileError(
        line,
        `${raw.name} stands before the first FROM.`,
        'Only ARG may; begin the stage with FROM.',
      );
  }
  if (stages.length === 0) {
    throw new UsageError({
      code: 'DOCKERFILE_SYNTAX',
      message: 'The Dockerfile has no FROM.',
      fix: 'Begin it with FROM IMAGE, or FROM scratch for an empty image.',
    });
  }
  return { escape, ...(syntax === undefined ? {} : { syntax }), globalArguments, stages, warnings };
}

function readFrom(raw: RawFrom): Omit<Stage, 'instructions'> {
  const { line } = raw;
  const platform = new InstructionFlags('FROM', line, { platform: 'text' }, raw.flags).text('platform');
  const [base = '', as, name, ...more] = splitWhitespace(raw.rest);
  const named = as !== undefined;
  if (base === '' || more.length > 0 || (named && (as.toUpperCase() !== 'AS' || name === undefined))) {
    throw dockerfileError(line, `FROM ${raw.rest} cannot be read.`, 'Write FROM IMAGE or FROM IMAGE AS NAME');
  }
  if (named && !/^[a-z][a-z0-9-_.]*$/i.test(name ?? '')) {
    const fix = 'Begin it with a letter; then letters, digits, and any of - _ . may follow.';
    throw dockerfileError(line, `'${name}' cannot be the name of a stage.`, fix);
  }
  return {
    ...(name === undefined ? {} : { name: name.toLowerCase() }),
    line,
    base,
    ...(platform === undefined ? {} : { platform }),
  };
}
