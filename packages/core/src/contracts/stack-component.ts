import type { ComponentType } from './component-types.js';
import type { DoctorCheck, DoctorOptions } from './doctor.js';
import type { Stack } from './stack.js';

/** Which component this is. Injected under the symbol of the same name. */
export interface ComponentInfo {
  readonly type: ComponentType;
  readonly flavor: string;
  readonly name: string;
}
export const ComponentInfo = Symbol.for('@slipway/core/ComponentInfo');

/** The component's configuration, validated and with defaults: the output of its flavor's schema. */
export const ComponentConfiguration = Symbol.for('@slipway/core/ComponentConfiguration');

/** What keeps a stack from working, found without the network. */
export interface StackProblem {
  /** What is wrong, one sentence. */
  readonly message: string;
  readonly reason?: string;
  /** The command that mends it. */
  readonly fix?: string;
}

/** What all components have in common. */
export interface StackComponent {
  readonly info: ComponentInfo;
  /** Looks at the other components of the stack; must not use the network. */
  validate?(stack: Stack): readonly StackProblem[];
  /** The types of the other components of the stack that this one works with: whoever looks at it looks at those as well. */
  readonly uses?: readonly ComponentType[];
  /**
   * Looks at what the component itself needs of the world outside, such as a server that answers and permissions there; changes nothing.
   * Reports each check as it is made; what is wrong is a check that failed, not an error that is thrown.
   */
  doctor?(options?: DoctorOptions): AsyncIterable<DoctorCheck>;
}
