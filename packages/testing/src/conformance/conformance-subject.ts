import type { ComponentType, Plugin } from '@slipway/core';

/** A component beside the one that is looked at. */
export interface Neighbour {
  readonly flavor: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** A flavor that the suites look at. */
export interface ConformanceSubject {
  /** Brings the flavor; that of `@slipway/core` itself needs none. */
  readonly plugin?: Plugin | undefined;
  /** Bring the flavors of its neighbours. */
  readonly plugins?: readonly Plugin[];
  readonly flavor: string;
  /** A configuration that works where the tests run, with a value for every attribute that is a secret. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** The other components of the stack in which it is used. */
  readonly stack?: Readonly<Partial<Record<ComponentType, Neighbour>>>;
}
