import { type ComponentOf, type ComponentType, componentType, componentTypeIds } from '../contracts/component-types.js';
import type { DoctorCheck, DoctorOptions } from '../contracts/doctor.js';
import type { StackComponent } from '../contracts/stack-component.js';
import type { Stack } from '../contracts/stack.js';
import { withNames } from '../stacks/component-names.js';

/** A check, and of which component it is. */
export interface ComponentCheck extends DoctorCheck {
  readonly component: { readonly type: ComponentType; readonly name: string };
}

/** How a component is looked at that has no `doctor` of its own, by its type: by what the contract says of it. */
export type ComponentLooks = {
  readonly [T in ComponentType]?: (component: ComponentOf<T>, options: DoctorOptions) => AsyncIterable<DoctorCheck>;
};

export interface DiagnoseOptions extends DoctorOptions {
  /** The types of the components to ask, which those that they use are asked with; all unless given. */
  readonly types?: readonly ComponentType[] | undefined;
  readonly looks?: ComponentLooks | undefined;
}

/**
 * Asks the components of a stack what is wrong with the world that they need, all at the same time; what they find comes in the order of
 * the types of components. First comes what keeps the stack itself from working.
 */
export async function* diagnose(
  stack: Stack,
  { types = componentTypeIds, looks = {}, ...options }: DiagnoseOptions = {},
): AsyncGenerator<ComponentCheck, void, undefined> {
  const wanted = new Set([...types, ...types.flatMap((type) => stack.get(type)?.uses ?? [])]);
  const components = componentTypeIds.flatMap((type): StackComponent[] => {
    const component = wanted.has(type) ? stack.get(type) : undefined;
    return component === undefined ? [] : [component];
  });
  const asked = components.map((component) => begun(checksOf(component, stack, looks, options)));
  let isSilent = true;
  for (const checks of asked) {
    for await (const check of checks) {
      isSilent = false;
      yield check;
    }
  }
  if (!isSilent) return;
  for (const { info } of components) {
    const { type, name, flavor } = info;
    const message = `The ${componentType(type).title} '${name}' of flavor '${flavor}' needs nothing that could be looked at.`;
    yield { id: 'configuration', outcome: 'ok', message, component: { type, name } };
  }
}

async function* checksOf(
  component: StackComponent,
  stack: Stack,
  looks: ComponentLooks,
  options: DoctorOptions,
): AsyncGenerator<ComponentCheck, void, undefined> {
  const { type, name } = component.info;
  const of = (check: DoctorCheck): ComponentCheck => ({ ...withNames(stack, check), component: { type, name } });
  const problems = component.validate?.(stack) ?? [];
  for (const { message, reason, fix } of problems) {
    const told = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
    yield of({ id: 'stack', outcome: 'failure', message: told, reason, fix, code: 'STACK_INVALID' });
  }
  for await (const check of component.doctor?.(options) ?? lookAt(type, stack, looks, options)) yield of(check);
}

async function* lookAt<T extends ComponentType>(
  type: T,
  stack: Stack,
  looks: ComponentLooks,
  options: DoctorOptions,
): AsyncGenerator<DoctorCheck, void, undefined> {
  const component = stack.get(type);
  if (component !== undefined) yield* looks[type]?.(component, options) ?? [];
}

/** The same items, of which the first is asked for now, and each next one as soon as the one before is there. */
function begun<T>(items: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  const found: T[] = [];
  let wake: () => void = () => undefined;
  let ended = false;
  const reading = (async () => {
    try {
      for await (const item of items) {
        found.push(item);
        wake();
      }
    } finally {
      ended = true;
      wake();
    }
  })();
  // Told by the one who asks for the items.
  reading.catch(() => undefined);
  return (async function* () {
    for (let next = 0; ; next++) {
      while (next >= found.length && !ended) await new Promise<void>((resolve) => (wake = resolve));
      if (next >= found.length) break;
      yield found[next] as T;
    }
    await reading;
  })();
}
