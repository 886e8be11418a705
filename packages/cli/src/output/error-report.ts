import { SlipwayError } from '@slipway/core';
import { type Paint, painter } from './colour.js';
import { printable } from './printable.js';

/** An error as people and programs get to see it. */
export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly reason?: string | undefined;
  readonly fix?: string | undefined;
  /** Only of our own bugs, and only where it was asked for. */
  readonly stack?: string | undefined;
  readonly exitCode: number;
}

/** @param debug adds the stack to what is a bug of ours */
export function errorReport(error: unknown, debug = process.env['SLIPWAY_DEBUG'] === '1'): ErrorReport {
  if (SlipwayError.is(error)) {
    const { code, message, reason, fix, exitCode } = error;
    return { code, message, reason, fix, exitCode };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: 'INTERNAL_ERROR',
    message: 'Something failed in a way it should not: this is a bug in Slipway or in a plugin.',
    reason: error instanceof Error ? error.message : String(error),
    fix: debug ? 'Please report it with the lines below.' : 'Please report it with what SLIPWAY_DEBUG=1 adds.',
    stack: debug ? stack : undefined,
    exitCode: 1,
  };
}

/** What, why, what to do now, and the code. */
export function errorText({ code, message, reason, fix, stack }: ErrorReport, paint: Paint = painter(false)): string {
  return [
    `${paint('red', 'Error:')} ${printable(message)}`,
    ...(reason === undefined ? [] : [printable(reason)]),
    ...(fix === undefined ? [] : [`${paint('cyan', 'Fix:')} ${printable(fix).replaceAll('\n', '\n     ')}`]),
    paint('dim', `Code: ${code}`),
    ...(stack === undefined ? [] : [printable(stack)]),
  ].join('\n');
}

/** As JSON has it. */
export function errorFields({ code, message, reason, fix, stack, exitCode }: ErrorReport): object {
  return { code, message, reason, fix, stack, exit_code: exitCode };
}
