import { expect } from 'chai';
import { SlipwayError } from '../../src/index.js';

/** The SlipwayError that the call ends with, which must have the code. */
export async function failure(code: string, call: () => unknown): Promise<SlipwayError> {
  try {
    await call();
  } catch (error) {
    if (!SlipwayError.is(error)) throw error;
    expect(error.code).to.equal(code);
    return error;
  }
  throw new Error(`expected ${code}, but nothing was thrown`);
}
