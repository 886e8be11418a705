import type { DocumentKind } from '../store/document-file.js';
import { fields, instant, listOf, mapOf, ShapeError, text, word } from '../store/shape.js';

/** A secret as it is kept; it leaves this folder only where a component is made. */
export interface SecretRecord {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  /** ISO 8601, in UTC. */
  readonly created_at: string;
  readonly updated_at: string;
}

/** All secrets, apart from what is configuration. */
export interface SecretDocument {
  readonly version: 1;
  secrets: SecretRecord[];
}

const shape = fields({
  version: () => {},
  secrets: listOf(fields({ name: word, values: mapOf(word, text), created_at: instant, updated_at: instant })),
});

export const secretDocumentKind: DocumentKind<SecretDocument> = {
  file: 'secrets.json',
  title: 'store of secrets',
  version: 1,
  initial: () => ({ version: 1, secrets: [] }),
  check(value) {
    shape(value, '');
    const { secrets } = value as SecretDocument;
    if (new Set(secrets.map(({ name }) => name)).size < secrets.length) {
      throw new ShapeError('secrets', 'has two of the same name');
    }
  },
  // What was deleted or replaced is in no file any more.
  mayKeep: (before, after) =>
    valuesOf(before).every(([name, key, value]) => value === secretOf(after, name)?.values[key]),
  migrations: {},
};

function valuesOf({ secrets }: SecretDocument): readonly (readonly [name: string, key: string, value: string])[] {
  return secrets.flatMap(({ name, values }) =>
    Object.entries(values).map(([key, value]) => [name, key, value] as const),
  );
}

function secretOf({ secrets }: SecretDocument, name: string): SecretRecord | undefined {
  return secrets.find((secret) => secret.name === name);
}
