import { type ComponentType, componentType, componentTypeIds, type StackComponents } from '@slipway/core';
import type { OptionDefinition } from '../../command/command.js';
import { componentNames } from '../../command/common-options.js';

/** An option for each component type, e.g. `-i, --image-builder=NAME`. */
export const componentOptions = optionsOf('text', (title) => `The stack's ${title}.`);

/** A flag for each component type, e.g. `-i, --image-builder`. */
export const componentFlags = optionsOf('flag', (title) => `Its ${title}.`);

/** The components that those options name. */
export function componentsOf(options: Readonly<Record<string, unknown>>): StackComponents {
  const given = componentTypeIds.map((type) => [type, options[componentType(type).command]] as const);
  return Object.fromEntries(given.filter(([, name]) => name !== undefined));
}

/** The types that those flags name. */
export function typesOf(options: Readonly<Record<string, unknown>>): readonly ComponentType[] {
  return componentTypeIds.filter((type) => options[componentType(type).command] === true);
}

/** `-i, -c, …`, for messages. */
export function componentLetters(): string {
  return componentTypeIds.map((type) => `-${componentType(type).letter}`).join(', ');
}

function optionsOf<const Kind extends 'text' | 'flag'>(
  kind: Kind,
  summary: (title: string) => string,
): Readonly<Record<string, OptionDefinition & { readonly type: Kind }>> {
  return Object.fromEntries(
    componentTypeIds.map((type) => {
      const { command, letter, title } = componentType(type);
      const value = kind === 'flag' ? {} : { placeholder: 'NAME', complete: componentNames(type) };
      return [command, { type: kind, letter, summary: summary(title), ...value }];
    }),
  );
}
