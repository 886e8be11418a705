/** A reference to a key of a secret, as `{{name.key}}` stands for it in an attribute. */
export interface SecretReference {
  readonly secret: string;
  readonly key: string;
}

/** Splits at the first dot: names of secrets have none, and keys may. */
const pattern = /\{\{\s*([A-Za-z0-9][A-Za-z0-9_-]*)\.([A-Za-z0-9._-]+)\s*\}\}/g;
const wholly = new RegExp(`^\\s*(?:${pattern.source})\\s*$`);

/** Whether the value is a reference and nothing else, so that it may be shown. */
export function isSecretReference(value: unknown): boolean {
  return typeof value === 'string' && wholly.test(value);
}

/** A reference, and where it stands: path of keys and indexes within the value. */
export interface FoundReference extends SecretReference {
  readonly path: readonly (string | number)[];
}

/** All references in the texts of a value, however deep in lists and objects. */
export function findReferences(value: unknown, path: readonly (string | number)[] = []): readonly FoundReference[] {
  if (typeof value === 'string') {
    return [...value.matchAll(pattern)].map(([, secret = '', key = '']) => ({ secret, key, path }));
  }
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((element, index) => findReferences(element, [...path, index]));
  return Object.entries(value).flatMap(([key, element]) => findReferences(element, [...path, key]));
}

/** The value with every reference replaced by what `resolve` says. */
export function replaceReferences(value: unknown, resolve: (reference: SecretReference) => string): unknown {
  if (typeof value === 'string') {
    return value.replace(pattern, (_match, secret: string, key: string) => resolve({ secret, key }));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element: unknown) => replaceReferences(element, resolve));
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, replaceReferences(element, resolve)]));
}
