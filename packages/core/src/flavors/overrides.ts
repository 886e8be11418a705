import { suggestion } from '../errors/nearest.js';
import { UsageError } from '../errors/slipway-error.js';
import { attributeName, parseValue, unknownAttribute, type ValueDescription } from './attributes.js';
import { configurationFields } from './configuration-fields.js';
import type { Flavor } from './flavor.js';
import { type Definitions, itemsOf, type PropertySchema, propertyType, resolved } from './property-schema.js';
import { secretParts } from './secret-parts.js';

/** A value for an attribute, or for a part of one, for one use of a component. */
export interface Override {
  /** `resources.limits.memory` */
  readonly path: string;
  /** A text means what the schema says; anything else is the value itself. */
  readonly value: unknown;
}

interface Place {
  /** The path so far, for messages. */
  readonly path: string;
  readonly schema: PropertySchema;
  /** What is there now. */
  readonly current: unknown;
}

/**
 * Lays overrides over a configuration. The schema decides what a text means, as in `parseAttributes`. A list takes JSON, which replaces it, or one item, which is added: an item with name and value is
 * written `NAME=VALUE`, and replaces that of its name. Of a map whose values have no parts, all that is left of a path is the key, so
 * that `resources.limits.nvidia.com/gpu` needs no quotes.
 * @param configuration what is set
 * @returns the attributes that change, whole; whether they are right is `validateConfiguration`'s to say
 * @throws UsageError `UNKNOWN_ATTRIBUTE`, `INVALID_JSON`, `INVALID_ATTRIBUTE`
 */
export function parseOverrides(
  flavor: Flavor,
  configuration: Readonly<Record<string, unknown>>,
  overrides: readonly Override[],
): Record<string, unknown> {
  const fields = new Map(configurationFields(flavor.configSchema).map((field) => [field.name, field]));
  const whole = flavor.configSchema.toJSONSchema({ io: 'input', unrepresentable: 'any' });
  const definitions: Definitions = { ...whole.$defs, '#': whole };
  const changed: Record<string, unknown> = {};
  for (const { path, value } of overrides) {
    const [written = '', ...rest] = path.split('.');
    const name = attributeName(written);
    const field = fields.get(name);
    if (field === undefined) throw unknownAttribute(flavor, written);
    const current = changed[name] ?? configuration[name] ?? field.default;
    const place = { path: name, schema: (whole.properties?.[name] ?? {}) as PropertySchema, current };
    changed[name] = new OverriddenValue(definitions, field.secret).at(place, rest, value);
  }
  return changed;
}

type Tree = Readonly<Record<string, unknown>>;

class OverriddenValue {
  constructor(
    private readonly definitions: Definitions,
    private readonly secret: boolean,
  ) {}

  /** What is at the place once the part of it that `rest` names is what the value means. */
  at(place: Place, rest: readonly string[], value: unknown): unknown {
    const { path, current } = place;
    const schema = this.#resolved(place.schema);
    const [head, ...more] = rest;
    if (head === undefined) return this.#value({ path, schema, current }, value);
    if (itemsOf(schema) !== undefined || Array.isArray(current)) {
      return this.#inList(place, itemsOf(schema) ?? {}, rest, value);
    }
    const known = schema.properties?.[head];
    const open = this.#open(schema);
    if (known === undefined && open === undefined) throw noSuchPart(path, head, Object.keys(schema.properties ?? {}));
    const inner = this.#resolved(known ?? open ?? {});
    const tree = isTree(current) ? current : {};
    // Of a map of plain values a key may hold dots.
    const [key, left] = known === undefined && isPlain(inner) ? [rest.join('.'), []] : [head, more];
    return { ...tree, [key]: this.at({ path: `${path}.${key}`, schema: inner, current: tree[key] }, left, value) };
  }

  #inList(
    { path, current }: Place,
    items: PropertySchema,
    [head = '', ...rest]: readonly string[],
    value: unknown,
  ): unknown {
    const list: readonly unknown[] = Array.isArray(current) ? (current as unknown[]) : [];
    const named = list.findIndex((item) => isTree(item) && item['name'] === head);
    const index = /^\d+$/.test(head) ? Number(head) : named;
    if (index < 0 || index >= list.length) {
      const names = list.flatMap((item) => (isTree(item) && typeof item['name'] === 'string' ? [item['name']] : []));
      throw noSuchPart(path, head, names);
    }
    const place = { path: `${path}.${head}`, schema: items, current: list[index] };
    return list.map((item, at) => (at === index ? this.at(place, rest, value) : item));
  }

  #value({ path, schema, current }: Place, text: unknown): unknown {
    if (typeof text !== 'string') return text;
    if (isUntyped(schema)) return jsonOrText(text);
    const secrets = secretParts(schema, this.definitions);
    const description: ValueDescription = {
      name: path,
      writtenAs: `--with ${path}=`,
      type: propertyType(schema, this.definitions),
      secret: this.secret || secrets === true,
      ...(secrets === undefined || secrets === true ? {} : { secretParts: secrets }),
    };
    if (description.type !== 'list' || /^\s*\[/.test(text)) return parseValue(description, text);
    const list: readonly unknown[] = Array.isArray(current) ? (current as unknown[]) : [];
    const items = this.#resolved(itemsOf(schema) ?? {});
    const equals = text.indexOf('=');
    if (items.properties?.['name'] === undefined || items.properties['value'] === undefined || equals < 1) {
      return [...list, this.#value({ path, schema: items, current: undefined }, text)];
    }
    const item = { name: text.slice(0, equals), value: text.slice(equals + 1) };
    return [...list.filter((other) => !isTree(other) || other['name'] !== item.name), item];
  }

  #resolved(schema: PropertySchema): PropertySchema {
    return resolved(schema, this.definitions);
  }

  /** What keys that the schema does not name may have for values; undefined where there may be none. */
  #open(schema: PropertySchema): PropertySchema | undefined {
    if (isUntyped(schema)) return {};
    const { additionalProperties: additional } = schema;
    return typeof additional === 'object' ? additional : additional === true ? {} : undefined;
  }
}

function isUntyped({ type, anyOf, oneOf }: PropertySchema): boolean {
  return (type ?? anyOf ?? oneOf) === undefined;
}

/** Whether values of the schema have no parts. */
function isPlain(schema: PropertySchema): boolean {
  return !isUntyped(schema) && schema.type !== 'object' && schema.type !== 'array';
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function noSuchPart(path: string, part: string, known: readonly string[]): UsageError {
  return new UsageError({
    code: 'UNKNOWN_ATTRIBUTE',
    message: `'${path}' has no part '${part}'.`,
    reason: known.length === 0 ? undefined : suggestion(part, known),
  });
}
