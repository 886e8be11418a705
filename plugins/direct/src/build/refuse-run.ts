import { UsageError } from '@slipway/core';
import type { Instruction } from '@slipway/dockerfile';
import { shortened } from './shortened.js';

/**
 * Throws `RUN_NOT_SUPPORTED` where any of the instructions is a RUN; names the first three and counts the rest.
 * `origin` says whose they are if not the Dockerfile's own, e.g. `the ONBUILD of node:22`.
 */
export function refuseRun(instructions: readonly Instruction[], origin?: string): void {
  const runs = instructions.filter((instruction) => instruction.kind === 'RUN');
  if (runs.length === 0) return;
  const named = runs.slice(0, 3).map(({ line, command }) => `line ${line}: RUN ${shortened(command)}`);
  const more = runs.length > 3 ? `, and ${runs.length - 3} more` : '';
  throw new UsageError({
    code: 'RUN_NOT_SUPPORTED',
    message: `The direct image builder cannot run commands (${origin === undefined ? '' : `${origin}, `}${named.join('; ')}${more}).`,
    reason: 'It writes files straight to the image and starts no container to run anything in.',
    fix:
      'Register a builder that can, for example: ' +
      'slipway image-builder register NAME --flavor=kaniko --kubernetes_context=CONTEXT, ' +
      'then put it in the stack: slipway stack update -i NAME',
  });
}
