import { retold, SlipwayError } from '@slipway/core';
import { type Instruction, type PlannedStage, readTrigger } from '@slipway/dockerfile';
import { refuseRun } from './refuse-run.js';
import { shortened } from './shortened.js';

/** An instruction that the base of a stage left to be carried out first in it. */
export interface Trigger {
  readonly text: string;
  /** As FROM names it. */
  readonly base: string;
  readonly instruction: Instruction;
}

/**
 * What the base's `OnBuild` holds, in its order.
 * @throws UsageError `DOCKERFILE_SYNTAX`, `RUN_NOT_SUPPORTED`
 */
export function readTriggers({ stage, base: source }: PlannedStage, texts: readonly string[]): readonly Trigger[] {
  const base = source.kind === 'image' ? source.reference : stage.base;
  const triggers = texts.map((text) => {
    try {
      return { text, base, instruction: readTrigger(text, stage) };
    } catch (error) {
      throw triggerError(error, { text, base });
    }
  });
  refuseRun(
    triggers.map(({ instruction }) => instruction),
    `by the ONBUILD of ${base}`,
  );
  return triggers;
}

/** What went wrong with a trigger, said with its text, since the Dockerfile has only its FROM in that line. */
export function triggerError(error: unknown, { text, base }: Pick<Trigger, 'text' | 'base'>): unknown {
  if (!SlipwayError.is(error)) return error;
  const asked = `${base} has ONBUILD ${shortened(text)}.`;
  return retold(error, { reason: error.reason === undefined ? asked : `${error.reason} ${asked}` });
}
