import type { z } from 'zod';
import { isSecretReference } from '../secrets/references.js';

export type FieldType = 'string' | 'boolean' | 'integer' | 'number' | 'list' | 'object';

/** One field of a flavor's configuration, as its schema describes it. */
export interface ConfigurationField {
  readonly name: string;
  readonly type: FieldType;
  readonly required: boolean;
  readonly description: string;
  readonly default?: unknown;
  readonly secret: boolean;
  readonly example?: string;
  readonly deprecated: boolean;
  /** Whether it is a list of objects for which a `name` and a `value` are enough, so that people may write NAME=VALUE. */
  readonly namedValues?: boolean;
}

/** A part of the schema as JSON Schema has it. */
export interface PropertySchema {
  type?: string | string[];
  items?: PropertySchema;
  properties?: Readonly<Record<string, PropertySchema>>;
  additionalProperties?: boolean | PropertySchema;
  required?: string[];
  anyOf?: PropertySchema[];
  oneOf?: PropertySchema[];
  $ref?: string;
  description?: string;
  default?: unknown;
  secret?: boolean;
  example?: string;
  deprecated?: boolean;
}

const fieldsOfSchema = new WeakMap<z.ZodObject, readonly ConfigurationField[]>();

/** The fields of a configuration, in the order of the schema. */
export function configurationFields(schema: z.ZodObject): readonly ConfigurationField[] {
  const known = fieldsOfSchema.get(schema);
  if (known !== undefined) return known;
  // The schema's own method: this package loads no zod before a schema is there, and a plugin may bring a zod of its own.
  const { properties = {}, required = [], $defs = {} } = schema.toJSONSchema({ io: 'input', unrepresentable: 'any' });
  const fields = Object.entries(properties).map(([name, value]): ConfigurationField => {
    const property = value as PropertySchema;
    return {
      name,
      type: propertyType(property, $defs),
      required: required.includes(name),
      description: property.description ?? '',
      ...(property.default === undefined ? {} : { default: property.default }),
      secret: property.secret ?? false,
      ...(property.example === undefined ? {} : { example: property.example }),
      deprecated: property.deprecated ?? false,
      ...(isNamedValues(property, $defs) ? { namedValues: true } : {}),
    };
  });
  fieldsOfSchema.set(schema, fields);
  return fields;
}

/** `configuration` with the values of secret fields replaced by `********`, for showing. A reference to a secret may be shown. */
export function maskSecrets(
  fields: readonly ConfigurationField[],
  configuration: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const secret = new Set(fields.filter((field) => field.secret).map((field) => field.name));
  return Object.fromEntries(
    Object.entries(configuration).map(([name, value]) => [
      name,
      secret.has(name) && !isSecretReference(value) ? '********' : value,
    ]),
  );
}

/** Of a union, the type of its first member. */
export function propertyType(property: PropertySchema, definitions: Readonly<Record<string, unknown>>): FieldType {
  const type = typeNames(property, definitions).find((name) => name !== 'null');
  if (type === 'array') return 'list';
  if (type === 'object') return 'object';
  if (type === 'boolean' || type === 'integer' || type === 'number') return type;
  return 'string';
}

/** Decided from the schema alone: the items have texts `name` and `value`, and need nothing else. */
function isNamedValues(property: PropertySchema, definitions: Readonly<Record<string, unknown>>): boolean {
  // What may be null as well is a union of both.
  const { items } = [property, ...(property.anyOf ?? [])].find((member) => member.items !== undefined) ?? {};
  if (items === undefined) return false;
  const { properties = {}, required = [] } = resolved(items, definitions);
  const isText = (name: string): boolean =>
    Object.hasOwn(properties, name) && typeNames(properties[name] ?? {}, definitions).includes('string');
  return isText('name') && isText('value') && required.every((name) => name === 'name' || name === 'value');
}

function resolved(schema: PropertySchema, definitions: Readonly<Record<string, unknown>>): PropertySchema {
  if (schema.$ref === undefined) return schema;
  return (definitions[schema.$ref.replace('#/$defs/', '')] as PropertySchema | undefined) ?? {};
}

function typeNames(property: PropertySchema, definitions: Readonly<Record<string, unknown>>): readonly string[] {
  if (property.$ref !== undefined) return typeNames(resolved(property, definitions), definitions);
  const members = [...(property.anyOf ?? []), ...(property.oneOf ?? [])];
  return [property.type ?? [], members.map((member) => typeNames(member, definitions))].flat(2);
}
