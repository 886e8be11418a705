import { type ComponentType, componentTypeIds } from '../contracts/component-types.js';
import type { DocumentKind } from './document-file.js';
import { anyObject, fields, instant, listOf, mapOf, oneOf, ShapeError, text, word } from './shape.js';

/** Texts by key, by which a person groups components and stacks. */
export type Labels = Readonly<Record<string, string>>;

/** A registered component. */
export interface ComponentRecord {
  readonly type: ComponentType;
  readonly flavor: string;
  readonly name: string;
  /** As the person gave it: defaults are the flavor's and not kept. */
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly labels: Labels;
  /** ISO 8601, in UTC. */
  readonly created_at: string;
  readonly updated_at: string;
}

/** Names of components by type. */
export type StackComponents = Readonly<Partial<Record<ComponentType, string>>>;

/** A registered stack. */
export interface StackRecord {
  readonly name: string;
  readonly components: StackComponents;
  readonly labels: Labels;
  /** ISO 8601, in UTC. */
  readonly created_at: string;
  readonly updated_at: string;
}

/** Everything that is registered. Records are replaced, never changed: others may hold them. */
export interface StoreDocument {
  readonly version: typeof storeVersion;
  active_stack: string;
  components: ComponentRecord[];
  stacks: StackRecord[];
}

/** The flavors, by type, of the components of a fresh installation's stack. */
export type DefaultStack = Readonly<Partial<Record<ComponentType, string>>>;

const storeVersion = 2;

const type = oneOf(componentTypeIds);
const labels = mapOf(word, text);
const stamps = { created_at: instant, updated_at: instant };
const shape = fields({
  version: () => {},
  active_stack: word,
  components: listOf(fields({ type, flavor: word, name: word, configuration: anyObject, labels, ...stamps })),
  stacks: listOf(fields({ name: word, components: mapOf(type, word), labels, ...stamps })),
});

/** The document of what is registered, as it is kept in the configuration folder. */
export function storeDocumentKind(defaultStack: DefaultStack): DocumentKind<StoreDocument> {
  return {
    file: 'store.json',
    title: 'store',
    version: storeVersion,
    initial: () => initialDocument(defaultStack),
    check(value) {
      shape(value, '');
      checkNames(value as StoreDocument);
    },
    migrations: { 1: addLabels },
  };
}

function checkNames({ active_stack, components, stacks }: StoreDocument): void {
  const keys = new Set(components.map(({ type, name }) => `${type}/${name}`));
  if (keys.size < components.length) throw new ShapeError('components', 'has two of the same type and name');
  const names = new Set(stacks.map(({ name }) => name));
  if (names.size < stacks.length) throw new ShapeError('stacks', 'has two of the same name');
  for (const stack of stacks) {
    for (const [type, name] of Object.entries(stack.components)) {
      if (keys.has(`${type}/${name}`)) continue;
      throw new ShapeError('', `stack '${stack.name}' names the ${type} '${name}', which is not there`);
    }
  }
  if (!names.has(active_stack)) throw new ShapeError('', `the active stack '${active_stack}' is not there`);
}

/** Version 1 had no labels. */
function addLabels(document: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const labelled = (records: unknown): unknown =>
    Array.isArray(records) ? records.map((record: unknown) => ({ ...(record as object), labels: {} })) : records;
  return { ...document, components: labelled(document['components']), stacks: labelled(document['stacks']) };
}

/** What a fresh installation holds: a stack `default`, whose components have that name as well. */
function initialDocument(flavors: DefaultStack): StoreDocument {
  const at = new Date().toISOString();
  const rest = { labels: {}, created_at: at, updated_at: at };
  const types = componentTypeIds.filter((id) => flavors[id] !== undefined);
  return {
    version: storeVersion,
    active_stack: 'default',
    components: types.map((id) => ({
      type: id,
      flavor: flavors[id] ?? '',
      name: 'default',
      configuration: {},
      ...rest,
    })),
    stacks: [{ name: 'default', components: Object.fromEntries(types.map((id) => [id, 'default'])), ...rest }],
  };
}
