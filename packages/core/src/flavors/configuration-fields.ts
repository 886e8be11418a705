import type { ConfigurationSchema } from './flavor.js';
import {
  type Definitions,
  type FieldType,
  itemsOf,
  type PropertySchema,
  propertyType,
  resolved,
  typeNames,
} from './property-schema.js';
import { type SecretParts, secretParts } from './secret-parts.js';

/** One field of a flavor's configuration, as its schema describes it. */
export interface ConfigurationField {
  readonly name: string;
  readonly type: FieldType;
  readonly required: boolean;
  readonly description: string;
  readonly default?: unknown;
  /** Whether the whole value is a secret. */
  readonly secret: boolean;
  /** Where parts of the value are secrets. */
  readonly secretParts?: Exclude<SecretParts, true>;
  readonly example?: string;
  readonly deprecated: boolean;
  /** Whether it is a list of objects for which a `name` and a `value` are enough, so that people may write NAME=VALUE. */
  readonly namedValues?: boolean;
}

const fieldsOfSchema = new WeakMap<ConfigurationSchema, readonly ConfigurationField[]>();

/** The fields of a configuration, in the order of the schema. */
export function configurationFields(schema: ConfigurationSchema): readonly ConfigurationField[] {
  const known = fieldsOfSchema.get(schema);
  if (known !== undefined) return known;
  // The schema's own method: this package loads no zod before a schema is there, and a plugin may bring a zod of its own.
  const whole = schema.toJSONSchema({ io: 'input', unrepresentable: 'any' });
  const { properties = {}, required = [] } = whole;
  const definitions: Definitions = { ...whole.$defs, '#': whole };
  const fields = Object.entries(properties).map(([name, value]): ConfigurationField => {
    const property = value as PropertySchema;
    const secrets = secretParts(property, definitions);
    return {
      name,
      type: propertyType(property, definitions),
      required: required.includes(name),
      description: property.description ?? '',
      ...(property.default === undefined ? {} : { default: property.default }),
      secret: secrets === true,
      ...(secrets === undefined || secrets === true ? {} : { secretParts: secrets }),
      ...(property.example === undefined ? {} : { example: property.example }),
      deprecated: property.deprecated ?? false,
      ...(isNamedValues(property, definitions) ? { namedValues: true } : {}),
    };
  });
  fieldsOfSchema.set(schema, fields);
  return fields;
}

/** Decided from the schema alone: the items have texts `name` and `value`, and need nothing else. */
function isNamedValues(property: PropertySchema, definitions: Definitions): boolean {
  // What may be null as well is a union of both.
  const [items] = [property, ...(property.anyOf ?? [])].flatMap((member) => itemsOf(member) ?? []);
  if (items === undefined) return false;
  const { properties = {}, required = [] } = resolved(items, definitions);
  const isText = (name: string): boolean =>
    Object.hasOwn(properties, name) && typeNames(properties[name] ?? {}, definitions).includes('string');
  return isText('name') && isText('value') && required.every((name) => name === 'name' || name === 'value');
}
