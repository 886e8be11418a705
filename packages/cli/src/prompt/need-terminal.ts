import { UsageError } from '@slipway/core';

/**
 * @param message what cannot be asked
 * @param instead what to write so that nothing needs to be asked
 * @throws UsageError `NEEDS_TERMINAL`
 */
export function needTerminal(message: string, instead: string): void {
  if (process.stdin.isTTY && process.stderr.isTTY) return;
  throw new UsageError({
    code: 'NEEDS_TERMINAL',
    message,
    reason: 'There is no terminal to ask on.',
    fix: `Add ${instead}.`,
  });
}
