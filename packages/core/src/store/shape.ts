/**
 * What a document of ours must look like, as checks that are composed. A schema library would do, but takes longer to load than
 * `stack list` takes in all, and longer to check a large document than to parse it.
 */
export type Shape = (value: unknown, path: string) => void;

/** What keeps a value from having its shape; values are not quoted. */
export class ShapeError extends Error {
  constructor(path: string, problem: string) {
    super(path === '' ? problem : `${path}: ${problem}`);
  }
}

export const text: Shape = (value, path) => {
  if (typeof value !== 'string') throw new ShapeError(path, 'is not text');
};

/** Text that is not empty. */
export const word: Shape = (value, path) => {
  if (typeof value !== 'string' || value === '') throw new ShapeError(path, 'is not a name');
};

/** A moment as `Date.toISOString` writes it. */
export const instant: Shape = (value, path) => {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value)) return;
  throw new ShapeError(path, 'is not a date and time in UTC');
};

export const anyObject: Shape = (value, path) => void objectOf(value, path);

export function oneOf(words: readonly string[]): Shape {
  const known = new Set<unknown>(words);
  return (value, path) => {
    if (!known.has(value)) throw new ShapeError(path, `is none of ${words.join(', ')}`);
  };
}

export function listOf(item: Shape): Shape {
  return (value, path) => {
    if (!Array.isArray(value)) throw new ShapeError(path, 'is not a list');
    value.forEach((element, index) => item(element, `${path}[${index}]`));
  };
}

export function mapOf(key: Shape, item: Shape): Shape {
  return (value, path) => {
    for (const [name, element] of Object.entries(objectOf(value, path))) {
      key(name, path);
      item(element, below(path, name));
    }
  };
}

/** An object that has these fields, perhaps some that are optional, and no others. */
export function fields(
  required: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  const needed = Object.keys(required);
  const shapes = { ...required, ...optional };
  return (value, path) => {
    const object = objectOf(value, path);
    for (const name of needed) {
      if (object[name] === undefined) throw new ShapeError(below(path, name), 'is missing');
    }
    for (const [name, field] of Object.entries(object)) {
      const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
      if (shape === undefined) throw new ShapeError(below(path, name), 'is a field that Slipway does not write');
      shape(field, below(path, name));
    }
  };
}

function objectOf(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ShapeError(path, 'is not an object');
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
