import { componentType } from '../contracts/component-types.js';
import { shellWord } from '../errors/shell-word.js';
import type { ConfigurationField } from '../flavors/configuration-fields.js';
import { plainSecretsIn, replaceSecrets } from '../flavors/secret-parts.js';
import { isSecretReference } from '../secrets/references.js';
import type { ComponentRecord } from '../store/store-document.js';

/** The commands that keep an attribute's secrets apart: the values are asked for, and references stand for them from then on. */
export function commandsToKeepApart({ type, name, configuration }: ComponentRecord, field: ConfigurationField): string {
  const secret = secretNameFor(name);
  const value = configuration[field.name];
  const keys = plainSecretsIn(field, value).map(keyOf);
  const referring = replaceSecrets(field, value, (plain, path) =>
    isSecretReference(plain) ? plain : `{{${secret}.${keyOf(path)}}}`,
  );
  const written = typeof referring === 'string' ? referring : JSON.stringify(referring);
  return [
    `slipway secret create ${secret} ${keys.map((key) => `--${key}`).join(' ')}`,
    `slipway ${componentType(type).command} update ${name} --${field.name}=${shellWord(written)}`,
  ].join(' && ');
}

/** What the secret of a component may be called: names of secrets have no dots. */
export function secretNameFor(component: string): string {
  return component.replaceAll('.', '-');
}

/** `users[0].password` is kept as `users.0.password`. */
function keyOf(path: string): string {
  return path.replaceAll(/\[(\d+)\]/g, '.$1').replaceAll(/[^A-Za-z0-9._-]/g, '-');
}
