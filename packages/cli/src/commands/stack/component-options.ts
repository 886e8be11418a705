import { componentType, componentTypeIds, type StackComponents } from '@slipway/core';
import type { OptionDefinition } from '../../command/command.js';

/** An option for each component type, e.g. `-i, --image-builder=NAME`. */
export const componentOptions: Readonly<Record<string, OptionDefinition & { readonly type: 'text' }>> =
  Object.fromEntries(
    componentTypeIds.map((type) => {
      const { command, letter, title } = componentType(type);
      return [command, { type: 'text', letter, placeholder: 'NAME', summary: `The stack's ${title}.` }];
    }),
  );

/** The components that those options name. */
export function componentsOf(options: Readonly<Record<string, unknown>>): StackComponents {
  const given = componentTypeIds.map((type) => [type, options[componentType(type).command]] as const);
  return Object.fromEntries(given.filter(([, name]) => name !== undefined));
}
