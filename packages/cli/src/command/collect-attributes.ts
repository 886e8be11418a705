import {
  attributeName,
  type FlavorDescription,
  isBooleanWord,
  suggestion,
  type TextAttributes,
  unknownAttribute,
  UsageError,
} from '@slipway/core';
import { attributeText } from './attribute-text.js';
import { missingValue } from './missing-value.js';
import type { Token } from './parse-command-line.js';

/**
 * Separates attributes from words. Without `=`, an attribute takes the following word for its value, unless it is a
 * boolean one: that takes only `true`, `False` and the like, and is true by itself.
 * @param flavors those whose fields may be meant
 * @returns all texts of an attribute: whether it may be there several times, its flavor says
 * @throws UsageError `UNKNOWN_ATTRIBUTE`, `MISSING_VALUE`, `UNREADABLE_FILE`
 */
export async function collectAttributes(
  tokens: readonly Token[],
  flavors: readonly FlavorDescription[],
): Promise<{ attributes: TextAttributes; words: readonly string[] }> {
  const attributes = new Map<string, string[]>();
  const words: string[] = [];
  const rest = [...tokens];
  for (let token = rest.shift(); token !== undefined; token = rest.shift()) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const name = attributeName(token.name);
    const written = typeof token.value === 'string' ? token.value : nextValue(token.name, rest, flavors);
    attributes.set(name, [...(attributes.get(name) ?? []), await attributeText(name, written)]);
  }
  const entries = [...attributes].map(([name, texts]) => [name, texts.length === 1 ? texts[0] : texts]);
  return { attributes: Object.fromEntries(entries) as TextAttributes, words };
}

function nextValue(written: string, rest: Token[], flavors: readonly FlavorDescription[]): string {
  const name = attributeName(written);
  const fields = flavors.flatMap((flavor) => flavor.fields);
  const meant = fields.filter((field) => field.name === name);
  if (meant.length === 0)
    throw unknown(
      written,
      fields.map((field) => field.name),
      flavors,
    );
  const next = rest[0]?.kind === 'positional' ? rest[0].value : undefined;
  if (meant.some(({ type }) => type === 'boolean')) {
    if (next === undefined || !isBooleanWord(next)) return 'true';
  } else if (next === undefined) {
    throw missingValue(name);
  }
  rest.shift();
  return next;
}

function unknown(name: string, known: readonly string[], flavors: readonly FlavorDescription[]): UsageError {
  const [flavor] = flavors;
  if (flavor !== undefined && flavors.length === 1) return unknownAttribute(flavor, name);
  return new UsageError({
    code: 'UNKNOWN_ATTRIBUTE',
    message: `No flavor of this type has an attribute '${name}'.`,
    reason: suggestion(name, [...new Set(known)]),
    fix: 'slipway flavor list',
  });
}
