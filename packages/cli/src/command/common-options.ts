import { type ComponentType, UsageError } from '@slipway/core';
import type { Completion, CompletionRequest } from './command.js';

export async function stackNames({ slipway }: CompletionRequest): Promise<readonly string[]> {
  return (await (await slipway()).stacks.list()).map(({ name }) => name);
}

export async function secretNames({ slipway }: CompletionRequest): Promise<readonly string[]> {
  return (await (await slipway()).secrets.list()).map(({ name }) => name);
}

export function componentNames(type: ComponentType): Completion {
  return async ({ slipway }) => (await (await slipway()).components.list(type)).map(({ name }) => name);
}

export function flavorNames(type?: ComponentType): Completion {
  return async ({ slipway }) => [...new Set((await slipway()).flavors.list(type).map(({ flavor }) => flavor.name))];
}

/** For commands that look at the active stack. */
export const stackOption = {
  stack: {
    type: 'text',
    placeholder: 'STACK',
    summary: 'The stack to use; by default the active one.',
    complete: stackNames,
  },
} as const;

export const noValidateOption = {
  'no-validate': { type: 'flag', summary: 'Go on though the components may not work together.' },
} as const;

/** For what gives a new thing its labels. */
export const labelOption = {
  label: { type: 'texts', letter: 'l', placeholder: 'KEY=VALUE', summary: 'A label. May be repeated.' },
} as const;

/** For what changes labels. */
export const labelChangesOption = {
  label: {
    type: 'texts',
    letter: 'l',
    placeholder: 'KEY=VALUE',
    summary: 'A label to set; KEY= takes it away. May be repeated.',
  },
} as const;

/** @throws UsageError `INVALID_OPTION` */
export function labels(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map(keyAndValue));
}

/** @throws UsageError `INVALID_OPTION` */
export function labelChanges(texts: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(texts.map(keyAndValue).map(([key, value]) => [key, value === '' ? null : value]));
}

function keyAndValue(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw new UsageError({
    code: 'INVALID_OPTION',
    message: `The label '${text}' is not KEY=VALUE.`,
    fix: '--label team=payments',
  });
}
