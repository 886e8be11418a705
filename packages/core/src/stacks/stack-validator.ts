import { UsageError } from '../errors/slipway-error.js';
import type { StackRecord, StoreDocument } from '../store/store-document.js';
import { componentTypeIds } from '../contracts/component-types.js';
import type { StackProblem } from '../contracts/stack-component.js';
import type { Stack } from '../contracts/stack.js';
import { withNames } from './component-names.js';
import type { StackAssembler } from './stack-assembler.js';

/** Assembles stacks that work: asks every component what keeps its stack from working. */
export class StackValidator {
  constructor(private readonly assembler: StackAssembler) {}

  /**
   * @param document holds the stack's components
   * @returns the stack's components, made and found valid
   * @throws UsageError `STACK_INVALID` with every problem found, and what `StackAssembler.assemble` throws
   */
  async assemble(document: StoreDocument, record: StackRecord): Promise<Stack> {
    const stack = await this.assembler.assemble(document, record);
    const problems = componentTypeIds
      .flatMap((type) => stack.get(type)?.validate?.(stack) ?? [])
      .map((problem) => withNames(stack, problem));
    if (problems.length > 0) throw stackInvalid(record.name, problems);
    return stack;
  }
}

function stackInvalid(name: string, problems: readonly StackProblem[]): UsageError {
  const sentences = (key: 'message' | 'reason' | 'fix'): string | undefined => {
    const texts = new Set(problems.map((problem) => problem[key]).filter((text) => text !== undefined));
    return texts.size === 0 ? undefined : [...texts].join(key === 'fix' ? '\n' : ' ');
  };
  return new UsageError({
    code: 'STACK_INVALID',
    message: `The stack '${name}' would not work: ${sentences('message')}`,
    reason: sentences('reason'),
    fix: sentences('fix'),
  });
}
