import { type FlavorDescription } from '@slipway/core';

/** What a flavor cannot do without, as it stands on a command line: ` --uri=ghcr.io/acme`. */
export function attributesExample(flavor: FlavorDescription): string {
  return flavor.fields
    .filter(({ required }) => required)
    .map(({ name, example, type }) => ` --${name}=${quoted(example ?? type.toUpperCase())}`)
    .join('');
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
