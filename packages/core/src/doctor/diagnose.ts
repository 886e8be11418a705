import { type ComponentType, componentType, componentTypeIds } from '../contracts/component-types.js';
import type { DoctorCheck, DoctorOptions } from '../contracts/doctor.js';
import type { StackComponent } from '../contracts/stack-component.js';
import type { Stack } from '../contracts/stack.js';

/** A check, and of which component it is. */
export interface ComponentCheck extends DoctorCheck {
  readonly component: { readonly type: ComponentType; readonly name: string };
}

/**
 * Asks the components of a stack what is wrong with the world that they need, all at the same time; what they find comes in the order of
 * the types of components. First comes what keeps the stack itself from working.
 * @param types of the components to ask; all unless given
 */
export async function* diagnose(
  stack: Stack,
  options: DoctorOptions = {},
  types: readonly ComponentType[] = componentTypeIds,
): AsyncGenerator<ComponentCheck, void, undefined> {
  const components = types.flatMap((type): StackComponent[] => {
    const component = stack.get(type);
    return component === undefined ? [] : [component];
  });
  const looks = components.map((component) => begun(checksOf(component, stack, options)));
  let isSilent = true;
  for (const look of looks) {
    for await (const check of look) {
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
  options: DoctorOptions,
): AsyncGenerator<ComponentCheck, void, undefined> {
  const { type, name } = component.info;
  const of = (check: DoctorCheck): ComponentCheck => ({ ...check, component: { type, name } });
  const problems = component.validate?.(stack) ?? [];
  for (const { message, reason, fix } of problems) {
    const told = `${message.charAt(0).toUpperCase()}${message.slice(1)}`;
    yield of({ id: 'stack', outcome: 'failure', message: told, reason, fix, code: 'STACK_INVALID' });
  }
  if (component.doctor !== undefined) {
    for await (const check of component.doctor(options)) yield of(check);
  }
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
