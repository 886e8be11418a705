import { isSecretReference } from '../secrets/references.js';
import type { ConfigurationField } from './configuration-fields.js';
import { type Definitions, itemsOf, type PropertySchema, resolved, typeNames } from './property-schema.js';

/** Where the secrets of a value are: it is one itself, or it has parts that are. Plain data, as manifests of plugins have it. */
export type SecretParts = true | SecretPartsOfTree;

interface SecretPartsOfTree {
  /** Of an object, by the names of its fields. */
  readonly fields?: Readonly<Record<string, SecretParts>>;
  /** Of each element of a list, and of each value of an object that is none of `fields`. */
  readonly each?: SecretParts;
  /** Whether there may be a text instead, which is no secret. */
  readonly text?: true;
}

/** What of a field decides which of its values are secrets. */
type SecretField = Pick<ConfigurationField, 'name' | 'secret' | 'secretParts'>;

/** The secrets that a schema marks, however deep; of a union those of all its members. Undefined where it marks none. */
export function secretParts(schema: PropertySchema, definitions: Definitions): SecretParts | undefined {
  return new SecretFinder(definitions, (reference) => {
    // What contains itself may have its secrets at any depth: from its second occurrence on, all of it counts as one.
    const once = new SecretFinder(definitions, () => undefined);
    return once.in(resolved({ $ref: reference }, definitions), [reference]) === undefined ? undefined : true;
  }).in(schema, []);
}

class SecretFinder {
  constructor(
    private readonly definitions: Definitions,
    private readonly again: (reference: string) => SecretParts | undefined,
  ) {}

  /** @param within the references that led here */
  in(schema: PropertySchema, within: readonly string[]): SecretParts | undefined {
    if (schema.secret === true) return true;
    const { $ref, properties, additionalProperties } = schema;
    if ($ref !== undefined) {
      return within.includes($ref) ? this.again($ref) : this.in(resolved(schema, this.definitions), [...within, $ref]);
    }
    const among = (schemas: readonly PropertySchema[]): SecretParts | undefined =>
      union(schemas.map((member) => this.in(member, within)));
    const fields = Object.entries(properties ?? {}).flatMap(([name, property]) => {
      const parts = this.in(property, within);
      return parts === undefined ? [] : [[name, parts] as const];
    });
    const each = among(
      [itemsOf(schema), typeof additionalProperties === 'object' ? additionalProperties : undefined]
        .concat(schema.prefixItems)
        .filter((element) => element !== undefined),
    );
    const own: SecretPartsOfTree = {
      ...(fields.length === 0 ? {} : { fields: Object.fromEntries(fields) }),
      ...(each === undefined ? {} : { each }),
    };
    const parts = union([
      Object.keys(own).length === 0 ? undefined : own,
      among([...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]),
    ]);
    const text = parts !== undefined && parts !== true && typeNames(schema, this.definitions).includes('string');
    return text ? { ...parts, text } : parts;
  }
}

/** Whether any part of a field's values is a secret. */
export function holdsSecrets({ secret, secretParts: parts }: SecretField): boolean {
  return secret || parts !== undefined;
}

/**
 * A field's value with something else in the place of each of its secrets.
 * @param replace gets the secret, and where it is, as messages say it: `password`, `users[0].password`
 */
export function replaceSecrets(
  field: SecretField,
  value: unknown,
  replace: (secret: unknown, path: string) => unknown,
): unknown {
  return replaceParts(field.secret ? true : field.secretParts, value, field.name, replace);
}

/**
 * Where the secrets are that a value holds in plain text.
 * @param isApart whether what stands there is no secret itself but refers to one that is kept apart
 */
export function plainSecretsIn(
  field: SecretField,
  value: unknown,
  isApart: (secret: unknown) => boolean = isSecretReference,
): readonly string[] {
  const paths: string[] = [];
  replaceSecrets(field, value, (secret, path) => {
    if (secret !== undefined && secret !== null && !isApart(secret)) paths.push(path);
    return secret;
  });
  return paths;
}

/** Where a field's values may have secrets, as a person writes a path: `password`, `users.*.password`. */
export function secretPaths({ name, secret, secretParts: parts }: SecretField): readonly string[] {
  return pathsOf(secret || parts, name);
}

/** The value for showing: `********` for each of its secrets, other than a reference to one that is kept apart. */
export function maskValue(field: SecretField, value: unknown): unknown {
  return replaceSecrets(field, value, (secret) => (isSecretReference(secret) ? secret : '********'));
}

/** `configuration` with its secrets masked, for showing. */
export function maskSecrets(
  fields: readonly ConfigurationField[],
  configuration: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = new Map(fields.map((field) => [field.name, field]));
  return Object.fromEntries(
    Object.entries(configuration).map(([name, value]) => {
      const field = known.get(name);
      return [name, field === undefined ? value : maskValue(field, value)];
    }),
  );
}

function replaceParts(
  parts: SecretParts | undefined,
  value: unknown,
  path: string,
  replace: (secret: unknown, path: string) => unknown,
): unknown {
  if (parts === undefined) return value;
  if (parts === true) return replace(value, path);
  // Where only something with parts may be, a text is what another version of the flavor took for the secret.
  if (typeof value === 'string') return parts.text === true ? value : replace(value, path);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((element, index) => replaceParts(parts.each ?? parts, element, `${path}[${index}]`, replace));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => {
      const known = Object.hasOwn(parts.fields ?? {}, name);
      return [name, replaceParts(known ? parts.fields?.[name] : parts.each, part, `${path}.${name}`, replace)];
    }),
  );
}

function pathsOf(parts: SecretParts | false | undefined, path: string): readonly string[] {
  if (parts === undefined || parts === false) return [];
  if (parts === true) return [path];
  return [...Object.entries(parts.fields ?? {}), ['*', parts.each] as const].flatMap(([name, inner]) =>
    pathsOf(inner, `${path}.${name}`),
  );
}

function union(all: readonly (SecretParts | undefined)[]): SecretParts | undefined {
  return all.reduce((a, b) => {
    if (a === undefined || b === undefined) return a ?? b;
    if (a === true || b === true) return true;
    const names = new Set([...Object.keys(a.fields ?? {}), ...Object.keys(b.fields ?? {})]);
    const fields = [...names].flatMap((name) => {
      const parts = union([a.fields?.[name], b.fields?.[name]]);
      return parts === undefined ? [] : [[name, parts] as const];
    });
    const each = union([a.each, b.each]);
    return {
      ...(fields.length === 0 ? {} : { fields: Object.fromEntries(fields) }),
      ...(each === undefined ? {} : { each }),
    };
  }, undefined);
}
