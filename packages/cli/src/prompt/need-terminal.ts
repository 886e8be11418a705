import { UsageError } from '@slipway/core';

/** Whether there is a person to ask. */
export function hasTerminal(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * @param message what has to be given or confirmed
 * @param instead what to write so that nothing needs to be asked
 * @throws UsageError `NEEDS_TERMINAL` where there is nobody to ask
 */
export function needTerminal(message: string, instead: string): void {
  if (hasTerminal()) return;
  throw new UsageError({
    code: 'NEEDS_TERMINAL',
    message,
    reason: 'There is no terminal to ask on.',
    fix: `Add ${instead}.`,
  });
}
