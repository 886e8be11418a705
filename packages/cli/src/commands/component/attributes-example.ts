import { type ConfigurationField, type FlavorDescription, shellWord } from '@slipway/core';

/** What a flavor cannot do without, as it stands on a command line: ` --uri=ghcr.io/acme`. */
export function attributesExample(flavor: FlavorDescription): string {
  return asOptions(flavor.fields.filter(({ required }) => required));
}

/** The same; where nothing is required by itself, the flavor's first attribute, as one of several may be needed. */
export function fullExample(flavor: FlavorDescription): string {
  const [first] = flavor.fields;
  return attributesExample(flavor) || (first?.example === undefined ? '' : asOptions([first]));
}

function asOptions(fields: readonly ConfigurationField[]): string {
  return fields.map(({ name, example, type }) => ` --${name}=${shellWord(example ?? type.toUpperCase())}`).join('');
}
