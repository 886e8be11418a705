/** A part of a flavor's schema as JSON Schema has it, with the metadata that its author gave it. */
export interface PropertySchema {
  type?: string | string[];
  items?: PropertySchema | boolean;
  prefixItems?: PropertySchema[];
  properties?: Readonly<Record<string, PropertySchema>>;
  additionalProperties?: boolean | PropertySchema;
  required?: string[];
  anyOf?: PropertySchema[];
  oneOf?: PropertySchema[];
  allOf?: PropertySchema[];
  $ref?: string;
  description?: string;
  default?: unknown;
  secret?: boolean;
  example?: string;
  deprecated?: boolean;
}

/** What a `$ref` may lead to. */
export type Definitions = Readonly<Record<string, unknown>>;

export type FieldType = 'string' | 'boolean' | 'integer' | 'number' | 'list' | 'object';

/** Of a union, the type of its first member. */
export function propertyType(property: PropertySchema, definitions: Definitions): FieldType {
  const type = typeNames(property, definitions).find((name) => name !== 'null');
  if (type === 'array') return 'list';
  if (type === 'object') return 'object';
  if (type === 'boolean' || type === 'integer' || type === 'number') return type;
  return 'string';
}

/** The schema itself, or that to which it refers. */
export function resolved(schema: PropertySchema, definitions: Definitions): PropertySchema {
  if (schema.$ref === undefined) return schema;
  return resolved((definitions[schema.$ref.replace('#/$defs/', '')] as PropertySchema | undefined) ?? {}, definitions);
}

/** The schema of a list's elements; undefined where it is for no list, or says nothing about them. */
export function itemsOf({ items }: PropertySchema): PropertySchema | undefined {
  return typeof items === 'object' ? items : undefined;
}

/** JSON Schema's names of the types that a value may have. */
export function typeNames(property: PropertySchema, definitions: Definitions): readonly string[] {
  if (property.$ref !== undefined) return typeNames(resolved(property, definitions), definitions);
  const members = [...(property.anyOf ?? []), ...(property.oneOf ?? [])];
  return [property.type ?? [], members.map((member) => typeNames(member, definitions))].flat(2);
}
