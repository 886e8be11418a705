import { componentType } from '../contracts/component-types.js';
import type { Notice } from '../errors/notice.js';
import type { FlavorRegistry } from '../flavors/flavor-registry.js';
import type { FlavorDescription } from '../flavors/flavor-description.js';
import { findReferences } from '../secrets/references.js';
import type { SecretResolver } from '../secrets/secret-resolver.js';
import type { ComponentRecord } from '../store/store-document.js';

/** What a person should know about attributes that are taken all the same. */
export class ConfigurationNotices {
  constructor(
    private readonly flavors: FlavorRegistry,
    private readonly secrets: SecretResolver,
  ) {}

  /** @param attributes those that were given */
  async of(component: ComponentRecord, attributes: Readonly<Record<string, unknown>>): Promise<readonly Notice[]> {
    const flavor = this.flavors.get(component.type, component.flavor);
    const missing = await this.secrets.missing([{ ...component, configuration: attributes }]);
    return [
      ...plainTextSecrets(flavor, component, Object.keys(attributes)),
      ...missing.map(({ code, message, reason, fix }) => ({ code, message, reason, fix })),
    ];
  }
}

/** A notice for each of the attributes that is a secret and was given as it is, not as a reference to one that is kept apart. */
function plainTextSecrets(
  flavor: FlavorDescription,
  { name, configuration }: ComponentRecord,
  attributes: readonly string[],
): readonly Notice[] {
  const { title, command } = componentType(flavor.type);
  return flavor.fields
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
