import { UsageError } from '../errors/slipway-error.js';
import { suggestion } from '../errors/nearest.js';
import { shellWord } from '../errors/shell-word.js';
import { isJsonList, parseNamedValues } from './named-values.js';
import type { ConfigurationField } from './configuration-fields.js';
import type { Flavor } from './flavor.js';
import { holdsSecrets } from './secret-parts.js';
import { fieldsOf, type FlavorDescription } from './flavor-description.js';

/** Attributes as a person gives them: each value is text, or several texts where it is written several times. */
export type TextAttributes = Readonly<Record<string, string | readonly string[]>>;

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'off', '0'].map((word) => [word, false] as const),
]);

/**
 * Turns text into the values that the flavor's fields want: `True` into a boolean, JSON into lists and objects, NAME=VALUE into an element
 * of a list of names and values. Names may be written with hyphens. Whether the values are right is `validateConfiguration`'s to say.
 * @param before the configuration that the attributes change, where they do: NAME=VALUE keeps the other elements, NAME= removes one
 * @throws UsageError `UNKNOWN_ATTRIBUTE`, `REPEATED_ATTRIBUTE`, `INVALID_JSON`, `INVALID_ATTRIBUTE`, `ATTRIBUTE_NOT_SET`
 */
export function parseAttributes(
  flavor: Flavor | FlavorDescription,
  attributes: TextAttributes,
  before?: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const fields = new Map(fieldsOf(flavor).map((field) => [field.name, field]));
  return Object.fromEntries(
    Object.entries(attributes).map(([written, given]) => {
      const name = attributeName(written);
      const field = fields.get(name);
      if (field === undefined) throw unknownAttribute(flavor, written);
      const texts = typeof given === 'string' ? [given] : given;
      const [text = ''] = texts;
      if (field.namedValues && !texts.some(isJsonList)) return [name, parseNamedValues(field, texts, before)];
      if (texts.length > 1) throw repeatedAttribute(field);
      return [name, parseValue(field, text)];
    }),
  );
}

/** The name of the field that a person means by `kubernetes-context` or `kubernetes_context`. */
export function attributeName(written: string): string {
  return written.replaceAll('-', '_');
}

/** Whether the text is one of the words taken for a boolean. */
export function isBooleanWord(text: string): boolean {
  return booleans.has(text.toLowerCase());
}

export function unknownAttribute(flavor: Flavor | FlavorDescription, name: string): UsageError {
  const names = fieldsOf(flavor).map((field) => field.name);
  return new UsageError({
    code: 'UNKNOWN_ATTRIBUTE',
    message: `The flavor '${flavor.name}' has no attribute '${name}'.`,
    reason: suggestion(name, names),
    fix: `slipway flavor describe ${flavor.name}`,
  });
}

/** What decides what a text means, and how messages speak of it. */
export type ValueDescription = Pick<
  ConfigurationField,
  'name' | 'type' | 'secret' | 'secretParts' | 'example' | 'default'
> & {
  /** How what stands before the value is written where it is no option of that name. */
  readonly writtenAs?: string;
};

export function parseValue(field: ValueDescription, text: string): unknown {
  switch (field.type) {
    case 'string':
      // A file ends with a line end, of which a password or token knows nothing.
      return field.secret ? text.replace(/\r?\n$/, '') : text;
    case 'boolean': {
      const value = booleans.get(text.toLowerCase());
      if (value === undefined) throw wrongValue(field, 'must be true or false', text);
      return value;
    }
    case 'integer':
    case 'number': {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      if (Number.isNaN(value)) throw wrongValue(field, 'must be a number', text);
      return value;
    }
    case 'list':
    case 'object':
      return parseJson(field, text);
  }
}

function repeatedAttribute({ name, namedValues }: ConfigurationField): UsageError {
  return new UsageError({
    code: 'REPEATED_ATTRIBUTE',
    message: `The attribute '${name}' is there twice.`,
    fix: namedValues
      ? `Give it once as a JSON list, or as often as you like as --${name} NAME=VALUE.`
      : 'Give it once; several values are one JSON list.',
  });
}

function parseJson(field: ValueDescription, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError({
      code: 'INVALID_JSON',
      message: `The value of '${field.name}' is not valid JSON.`,
      // The parser quotes the text it met; that of a secret must not be shown.
      reason: holdsSecrets(field) || !(error instanceof Error) ? undefined : `${error.message}.`,
      fix: `Write a JSON ${field.type === 'list' ? 'list' : 'object'} in single quotes, e.g. ${assignment(
        field,
        field.example ?? (field.type === 'list' ? '["one", "two"]' : '{"name": "value"}'),
      )}; or ${assignment(field, '@FILE')} for a file's content.`,
    });
  }
}

function wrongValue(field: ValueDescription, demand: string, text: string): UsageError {
  const given = field.secret ? '' : `, not '${text}'`;
  const number = typeof field.default === 'number' ? String(field.default) : '1';
  const right = field.type === 'boolean' ? ['true', 'false'] : [field.example ?? number];
  return new UsageError({
    code: 'INVALID_ATTRIBUTE',
    message: `The value of '${field.name}' ${demand}${given}.`,
    fix: right.map((value) => assignment(field, value)).join(', or '),
  });
}

/** An attribute as it is written on a command line. */
function assignment({ name, writtenAs = `--${name}=` }: ValueDescription, value: string): string {
  return `${writtenAs}${shellWord(value)}`;
}
