import { SlipwayError } from '@slipway/core';
import { hopelessWaits, lostPods, mayYetBePulled, overdueWaits, uncreatedPods } from '../failures/pod-failures.js';
import { recognise, recogniseAll } from '../failures/recognise.js';

/** Why a pod does not run yet, in Kubernetes' words: a container's waiting reason, a condition, or an event's reason. */
export interface Waiting {
  readonly reason: string;
  readonly message: string;
}

/** The error that ends the build, or undefined where waiting may help. */
export function waitingVerdict(waiting: Waiting): SlipwayError | undefined {
  // All that is not known to be hopeless may yet come right, as a node with room or a registry that answers again.
  if (mayYetBePulled(waiting.reason, waiting.message)) return undefined;
  const catalogue = waiting.reason === 'FailedCreate' ? uncreatedPods : hopelessWaits;
  const recognised = recognise(catalogue, waiting, undefined);
  return recognised && new SlipwayError({ ...recognised, reason: said(waiting) });
}

/** The error of a pod that did not run in time; `waiting` is what it waited for last. */
export function notRunning(seconds: number, waiting: Waiting | undefined): SlipwayError {
  const recognised = recogniseAll(overdueWaits, waiting ?? { message: '' }, { seconds });
  const reason = waiting === undefined ? 'Kubernetes gave no reason.' : said(waiting);
  return new SlipwayError({ ...recognised, reason });
}

/** The error of a pod that was ended before its build ended. */
export function podLost(reason: string, message: string): SlipwayError {
  return new SlipwayError({
    ...recogniseAll(lostPods, { reason, message }, undefined),
    reason: said({ reason, message }),
  });
}

function said({ reason, message }: Waiting): string {
  return message === '' ? reason : `${reason}: ${message}`;
}
