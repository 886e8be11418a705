import { SlipwayError } from '@slipway/core';
import { expect } from 'chai';

/** The SlipwayError that the work ends with, which must have the code. */
export async function failure(code: string, work: Promise<unknown>): Promise<SlipwayError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!SlipwayError.is(error)) throw error ?? new Error(`expected ${code}, but nothing was thrown`);
  expect(error.code, error.message).to.equal(code);
  return error;
}
