import { SlipwayError } from '@slipway/core';

/** The error that something ends with. */
export async function failure(run: () => unknown): Promise<SlipwayError> {
  try {
    await run();
  } catch (error) {
    if (SlipwayError.is(error)) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}
