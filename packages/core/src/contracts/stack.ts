import type { ComponentOf, ComponentType } from './component-types.js';

/** The components of one stack, ready to use. Injected under the symbol of the same name. */
export interface Stack {
  readonly name: string;
  /** The stack's component of that type, or undefined where the stack has none. */
  get<T extends ComponentType>(type: T): ComponentOf<T> | undefined;
}
export const Stack = Symbol.for('@slipway/core/Stack');
