import { UsageError } from '@slipway/core';

/** `DOCKERFILE_SYNTAX`: what is wrong on the line, and what is right. */
export function dockerfileError(line: number, problem: string, fix: string): UsageError {
  return new UsageError({ code: 'DOCKERFILE_SYNTAX', message: `Dockerfile line ${line}: ${problem}`, fix });
}
