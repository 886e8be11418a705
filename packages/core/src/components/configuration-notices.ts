import { componentType } from '../contracts/component-types.js';
import type { Notice } from '../errors/notice.js';
import type { FlavorRegistry } from '../flavors/flavor-registry.js';
import type { FlavorDescription } from '../flavors/flavor-description.js';
import { plainSecretsIn } from '../flavors/secret-parts.js';
import { findReferences } from '../secrets/references.js';
import type { SecretResolver } from '../secrets/secret-resolver.js';
import type { ComponentRecord } from '../store/store-document.js';
import { commandsToKeepApart } from './secrets-apart.js';

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

/** A notice for each of the attributes with a secret that was given as it is, not as a reference to one that is kept apart. */
function plainTextSecrets(
  flavor: FlavorDescription,
  component: ComponentRecord,
  attributes: readonly string[],
): readonly Notice[] {
  const { title } = componentType(flavor.type);
  return flavor.fields
    .filter((field) => attributes.includes(field.name))
    .flatMap((field) => {
      const value = component.configuration[field.name];
      const plain = plainSecretsIn(field, value, (secret) => findReferences(secret).length > 0);
      if (plain.length === 0) return [];
      return {
        code: 'PLAIN_TEXT_SECRET',
        message: `The ${plain.join(' and ')} of the ${title} '${component.name}' is kept as it is, beside what is no secret.`,
        fix: `Keep it apart: ${commandsToKeepApart(component, field)}`,
      };
    });
}
