import { SlipwayError } from '../errors/slipway-error.js';
import type { DoctorCheck } from './doctor.js';

/**
 * The check that found what would end a build with this error.
 * @param id as `DoctorCheck` has it
 * @throws the error itself where it is none that people are meant to see
 */
export function failedCheck(id: string, error: unknown): DoctorCheck {
  if (!SlipwayError.is(error)) throw error;
  const { code, message, reason, fix } = error;
  return { id, outcome: 'failure', message, reason, fix, code };
}
