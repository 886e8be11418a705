import { componentType } from '../contracts/component-types.js';
import type { Notice } from '../errors/notice.js';
import { configurationFields } from '../flavors/configuration-fields.js';
import type { Flavor } from '../flavors/flavor.js';
import { findReferences } from '../secrets/references.js';
import type { ComponentRecord } from '../store/store-document.js';

/** A notice for each of the attributes that is a secret and was given as it is, not as a reference to one that is kept apart. */
export function plainTextSecrets(
  flavor: Flavor,
  { name, configuration }: ComponentRecord,
  attributes: readonly string[],
): readonly Notice[] {
  const { title, command } = componentType(flavor.type);
  return configurationFields(flavor.configSchema)
    .filter((field) => field.secret && attributes.includes(field.name))
    .filter(
      (field) => configuration[field.name] !== undefined && findReferences(configuration[field.name]).length === 0,
    )
    .map((field) => ({
      code: 'PLAIN_TEXT_SECRET',
      message: `The ${field.name} of the ${title} '${name}' is kept as it is, beside what is no secret.`,
      fix: `Keep it apart: slipway secret create ${name.replaceAll('.', '-')} --${field.name}=@FILE, then slipway ${command} update ${name} --${field.name}='{{${name.replaceAll('.', '-')}.${field.name}}}'`,
    }));
}
