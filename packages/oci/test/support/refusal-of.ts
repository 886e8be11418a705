import { SlipwayError } from '@slipway/core';

/** The error that this throws; fails where it throws none, or one that is not meant for people. */
export function refusalOf(action: () => unknown): SlipwayError {
  try {
    action();
  } catch (error) {
    if (SlipwayError.is(error)) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

/** The error that this is rejected with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<SlipwayError> {
  const settled = await promise.then(
    () => () => undefined,
    (error: unknown) => () => {
      throw error;
    },
  );
  return refusalOf(settled);
}
