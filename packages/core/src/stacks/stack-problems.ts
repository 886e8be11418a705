import { type ComponentType, componentType, componentTypeIds } from '../contracts/component-types.js';
import type { Notice } from '../errors/notice.js';
import { UsageError } from '../errors/slipway-error.js';
import type { StoreDocument } from '../store/store-document.js';
import { type ActiveStack, howToChange, sourceOf } from './active-stack.js';

export function stackNameTaken(name: string): UsageError {
  return new UsageError({
    code: 'NAME_TAKEN',
    message: `There is already a stack '${name}'.`,
    fix: `Choose another name, or change what there is: slipway stack update ${name} --help`,
  });
}

export function componentNotInStack(stack: string, type: ComponentType): UsageError {
  return new UsageError({
    code: 'COMPONENT_NOT_IN_STACK',
    message: `The stack '${stack}' has no ${componentType(type).title}.`,
    fix: `slipway stack describe ${stack}`,
  });
}

export function emptyStack({ components }: StoreDocument, name: string): UsageError {
  const known = componentTypeIds.flatMap((type) => {
    const component = components.find((candidate) => candidate.type === type);
    return component === undefined ? [] : [`-${componentType(type).letter} ${component.name}`];
  });
  return new UsageError({
    code: 'EMPTY_STACK',
    message: `The stack '${name}' would have no components.`,
    fix:
      known.length === 0
        ? 'Register one first: slipway image-builder register --help'
        : `Name at least one, of: ${known.join(', ')}`,
  });
}

/** @param other the name of another stack, where there is one */
export function stackActive(active: ActiveStack, other: string | undefined): UsageError {
  return new UsageError({
    code: 'STACK_ACTIVE',
    message: `The stack '${active.name}' is active and cannot be deleted.`,
    reason: active.origin === 'user' ? undefined : `${sourceOf(active)} names it.`,
    fix:
      other === undefined
        ? 'It is the only one. Register another first: slipway stack register --help'
        : `Make another the active one first: ${howToChange(active, other)}`,
  });
}

export function overruled(active: ActiveStack, name: string): Notice {
  return {
    code: 'ACTIVE_STACK_OVERRULED',
    message: `Here the stack '${active.name}' is active all the same.`,
    reason: `${sourceOf(active)} names it, which counts more than your setting.`,
    fix: howToChange(active, name),
  };
}

export function stillNamed(active: ActiveStack): Notice {
  return { code: 'STACK_STILL_NAMED', message: `${sourceOf(active)} still names '${active.name}'.` };
}
