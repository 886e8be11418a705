import { type ComponentType, componentType, componentTypeIds, suggestion, UsageError } from '@slipway/core';

/** For commands that are not bound to a type. */
export const typeOption = {
  type: {
    type: 'text',
    letter: 't',
    placeholder: 'TYPE',
    summary: `Only this type: ${componentTypeIds.map((type) => componentType(type).command).join(', ')}.`,
  },
} as const;

/**
 * The type that a person means by `image-builder` or `image_builder`.
 * @throws UsageError `UNKNOWN_TYPE` with the nearest
 */
export function typeNamed(text: string | undefined): ComponentType | undefined {
  if (text === undefined) return undefined;
  const found = componentTypeIds.find((type) => [type, componentType(type).command].includes(text));
  if (found !== undefined) return found;
  const known = componentTypeIds.map((type) => componentType(type).command);
  throw new UsageError({
    code: 'UNKNOWN_TYPE',
    message: `There is no component type '${text}'.`,
    reason: suggestion(text, known),
    fix: 'slipway flavor list',
  });
}
