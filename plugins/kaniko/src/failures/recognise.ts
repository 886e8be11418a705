import type { SlipwayErrorOptions } from '@slipway/core';

/** What another system said of a failure. */
export interface Said {
  readonly message: string;
  /** Its one word for it, e.g. Kubernetes' `ErrImagePull`. */
  readonly reason?: string | undefined;
  /** HTTP status, e.g. 403. */
  readonly status?: number | undefined;
}

type Text<Facts> = string | ((match: RegExpExecArray, facts: Facts) => string);

/** One failure of the catalogue: how it is known, and what it means. What is left out of the first three may be anything. */
export interface Failure<Facts = void> {
  readonly status?: number;
  readonly reason?: RegExp;
  readonly message?: RegExp;
  /** As in docs/errors.md. */
  readonly code: string;
  /** What happened, one sentence. */
  readonly what: Text<Facts>;
  /** What to do now. */
  readonly fix: Text<Facts>;
}

export type Recognised = Required<Pick<SlipwayErrorOptions, 'code' | 'message'>> & { readonly fix: string };

/** The first failure of the catalogue that fits, in words: the more specific ones have to come first. */
export function recognise<Facts>(
  catalogue: readonly Failure<Facts>[],
  said: Said,
  facts: Facts,
): Recognised | undefined {
  for (const { status, reason, message, code, what, fix } of catalogue) {
    if (status !== undefined && status !== said.status) continue;
    if (reason !== undefined && !reason.test(said.reason ?? '')) continue;
    const match = (message ?? anything).exec(said.message);
    if (match === null) continue;
    const text = (given: Text<Facts>): string => (typeof given === 'string' ? given : given(match, facts));
    return { code, message: text(what), fix: text(fix) };
  }
  return undefined;
}

/** The same of a catalogue whose last entry fits everything. */
export function recogniseAll<Facts>(catalogue: readonly Failure<Facts>[], said: Said, facts: Facts): Recognised {
  const recognised = recognise(catalogue, said, facts);
  if (recognised === undefined) throw new Error('The catalogue has no entry for everything else.');
  return recognised;
}

const anything = /^/;
