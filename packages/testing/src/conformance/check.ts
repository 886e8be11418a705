import assert from 'node:assert/strict';
import { SlipwayError } from '@slipway/core';

/** One thing that a flavor has to do. For any test runner: `for (const { name, run } of checks) it(name, run)`. */
export interface ConformanceCheck {
  /** What it does, e.g. `refuses an attribute that it does not know`. */
  readonly name: string;
  /** @throws AssertionError that says what it did instead */
  readonly run: () => Promise<void>;
}

/** The error with which something has to fail: one that is meant for people, with that code where one is given. */
export async function failureOf(action: () => unknown, code?: string): Promise<SlipwayError> {
  try {
    await action();
  } catch (error) {
    assert.ok(SlipwayError.is(error), `It failed with an error that is none of Slipway's: ${String(error)}`);
    if (code !== undefined) assert.equal(error.code, code);
    assert.ok(error.message.length > 0, 'The error has no message.');
    return error;
  }
  throw new assert.AssertionError({ message: `It should have failed${code === undefined ? '' : ` with ${code}`}.` });
}

/** That nothing of what was said has a secret in it. */
export function assertSilentAbout(secrets: readonly string[], said: unknown, where: string): void {
  const text = typeof said === 'string' ? said : JSON.stringify(said);
  for (const secret of secrets) assert.ok(!text.includes(secret), `A secret is shown in ${where}.`);
}

/** An error as it is shown to people and programs, with what caused it. */
export function shown(error: SlipwayError): string {
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return `${JSON.stringify(error)} ${error.message} ${error.reason ?? ''} ${error.fix ?? ''} ${cause}`;
}
