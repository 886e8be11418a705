import type { StackChange } from '@slipway/core';
import type { Output } from '../../output/output.js';
import { changedStack } from '../../views/changes.js';

/** Says what a change made other than it was, or that it was like that already. */
export function tellStackChange(output: Output, change: StackChange): void {
  const lines = changedStack(change);
  const { name } = change.after;
  output.note(
    lines.length === 0
      ? `Nothing changed: the stack '${name}' was like that already.`
      : [`Updated the stack '${name}':`, ...lines].join('\n'),
  );
  output.warnings(change.warnings);
}
