import { UsageError } from '../errors/slipway-error.js';
import type { ConfigurationField } from './configuration-fields.js';

/** An element of a list of names and values. There may be more fields, such as where the value comes from. */
interface NamedValue {
  readonly name: string;
  readonly value?: string;
}

/** Whether text for such a list is the list itself. A name never begins so. */
export function isJsonList(text: string): boolean {
  return text.trimStart().startsWith('[');
}

/**
 * The list after NAME=VALUE was said of some of its elements.
 * @param before the configuration that is changed, where one is: the elements not named stay, and NAME= removes one
 * @throws UsageError `INVALID_ATTRIBUTE`, `REPEATED_ATTRIBUTE`, `ATTRIBUTE_NOT_SET`; values are never quoted
 */
export function parseNamedValues(
  field: ConfigurationField,
  texts: readonly string[],
  before?: Readonly<Record<string, unknown>>,
): readonly NamedValue[] {
  const elements = [...((before?.[field.name] ?? []) as readonly NamedValue[])];
  const seen = new Set<string>();
  for (const text of texts) {
    const { name, value } = nameAndValue(field, text);
    if (seen.has(name)) {
      throw new UsageError({
        code: 'REPEATED_ATTRIBUTE',
        message: `'${name}' is there twice in '${field.name}'.`,
        fix: `Give it once: --${field.name} ${name}=VALUE`,
      });
    }
    seen.add(name);
    const at = elements.findIndex((element) => element.name === name);
    if (before !== undefined && value === '') {
      if (at < 0) throw notThere(field, name, elements);
      elements.splice(at, 1);
    } else {
      elements.splice(at < 0 ? elements.length : at, at < 0 ? 0 : 1, { name, value });
    }
  }
  return elements;
}

function nameAndValue({ name: attribute, example }: ConfigurationField, text: string): Required<NamedValue> {
  const equals = text.indexOf('=');
  if (equals > 0) return { name: text.slice(0, equals), value: text.slice(equals + 1) };
  throw new UsageError({
    code: 'INVALID_ATTRIBUTE',
    message: `The value of '${attribute}' is neither NAME=VALUE nor a JSON list.`,
    fix: `--${attribute} NAME=VALUE, or --${attribute}='${example ?? '[{"name": "NAME", "value": "VALUE"}]'}'`,
  });
}

function notThere({ name: attribute }: ConfigurationField, name: string, elements: readonly NamedValue[]): UsageError {
  return new UsageError({
    code: 'ATTRIBUTE_NOT_SET',
    message: `There is no '${name}' in '${attribute}' to remove.`,
    reason:
      elements.length === 0 ? 'It is empty.' : `In it are: ${elements.map((element) => element.name).join(', ')}.`,
  });
}
