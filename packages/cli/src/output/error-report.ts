import { SlipwayError } from '@slipway/core';
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
export function errorText({ code, message, reason, fix, stack }: ErrorReport): string {
  return printable(
    [
      `Error: ${message}`,
      ...(reason === undefined ? [] : [reason]),
      ...(fix === undefined ? [] : [`Fix: ${fix.replaceAll('\n', '\n     ')}`]),
      `Code: ${code}`,
      ...(stack === undefined ? [] : [stack]),
    ].join('\n'),
  );
}

/** One line; under `-o json`. */
export function errorJson({ code, message, reason, fix, stack }: ErrorReport): string {
  return JSON.stringify({ error: { code, message, reason, fix, stack } });
}
