import {
  type ComponentFilter,
  type ComponentRecord,
  type ComponentType,
  componentType,
  type ConfigurationField,
  maskSecrets,
  type Slipway,
  type StackRecord,
} from '@slipway/core';
import type { Column } from '../output/column.js';
import type { Section } from '../output/output.js';
import { shownLabels, shownValue } from '../output/words.js';

/** A component as commands show it. Fields may be added; those that are here keep their meaning. */
export interface ComponentView {
  readonly name: string;
  /** E.g. `image_builder`. */
  readonly type: ComponentType;
  readonly flavor: string;
  /** Whether it belongs to the active stack. */
  readonly active: boolean;
  /** Names of the stacks that have it. */
  readonly stacks: readonly string[];
  /** What was set, secrets masked. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** What the flavor adds where nothing was set. */
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The components of a type that fulfil the conditions. */
export async function componentViews(
  slipway: Slipway,
  type: ComponentType,
  filter: ComponentFilter = {},
): Promise<readonly ComponentView[]> {
  const [records, stacks, active] = await Promise.all([
    slipway.components.list(type, filter),
    slipway.stacks.list(),
    slipway.stacks.activeName(),
  ]);
  const users = stacksOf(type, stacks);
  return records.map((record) => view(slipway, record, users.get(record.name) ?? [], active));
}

export async function componentView(slipway: Slipway, record: ComponentRecord): Promise<ComponentView> {
  const users = stacksOf(record.type, await slipway.stacks.list());
  return view(slipway, record, users.get(record.name) ?? [], await slipway.stacks.activeName());
}

export const componentColumns: readonly Column<ComponentView>[] = [
  { name: 'active', title: '', value: ({ active }) => active, cell: ({ active }) => (active ? '*' : '') },
  { name: 'name', value: ({ name }) => name },
  { name: 'flavor', value: ({ flavor }) => flavor },
  { name: 'stacks', value: ({ stacks }) => stacks, cell: ({ stacks }) => stacks.join(', ') },
  { name: 'type', hidden: true, value: ({ type }) => type, cell: ({ type }) => componentType(type).title },
  { name: 'configuration', hidden: true, value: ({ configuration }) => configuration },
  { name: 'labels', hidden: true, value: ({ labels }) => labels, cell: ({ labels }) => shownLabels(labels) },
  { name: 'created_at', hidden: true, value: ({ created_at }) => created_at },
  { name: 'updated_at', hidden: true, value: ({ updated_at }) => updated_at },
];

/** The view for people: what it is, then every field with its value and where that comes from. */
export function componentSections(slipway: Slipway, view: ComponentView): readonly Section[] {
  const fields = fieldsOf(slipway, view);
  const rows = (fields ?? Object.keys(view.configuration).map((name) => ({ name }))).map(({ name }) => {
    const set = Object.hasOwn(view.configuration, name);
    const source = set ? 'set' : Object.hasOwn(view.defaults, name) ? 'default' : '-';
    return [name, source, shownValue((set ? view.configuration : view.defaults)[name])];
  });
  return [
    {
      rows: [
        ['Name:', view.name],
        ['Type:', componentType(view.type).title],
        ['Flavor:', fields === undefined ? `${view.flavor} (no plugin has it; all values are hidden)` : view.flavor],
        ['Stacks:', view.stacks.join(', ') || '-'],
        ['Active:', view.active ? 'yes' : 'no'],
        ...(Object.keys(view.labels).length === 0 ? [] : [['Labels:', shownLabels(view.labels)]]),
      ],
    },
    { titled: true, rows: [['ATTRIBUTE', 'FROM', 'VALUE'], ...rows] },
  ];
}

function view(slipway: Slipway, record: ComponentRecord, users: readonly string[], activeStack: string): ComponentView {
  const { name, type, flavor, configuration, labels, created_at, updated_at } = record;
  const fields = fieldsOf(slipway, record);
  // Of a flavor that is not there nobody knows which fields are secret.
  const masking = fields ?? Object.keys(configuration).map(secretField);
  const defaults = (fields ?? [])
    .filter((field) => field.default !== undefined && !Object.hasOwn(configuration, field.name))
    .map((field) => [field.name, field.default] as const);
  return {
    name,
    type,
    flavor,
    active: users.includes(activeStack),
    stacks: users,
    configuration: maskSecrets(masking, configuration),
    defaults: Object.fromEntries(defaults),
    labels,
    created_at,
    updated_at,
  };
}

/** Names of the stacks that have a component of the type, by the component's name. */
function stacksOf(type: ComponentType, stacks: readonly StackRecord[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const { name, components } of stacks) {
    const component = components[type];
    if (component === undefined) continue;
    const names = users.get(component);
    if (names === undefined) users.set(component, [name]);
    else names.push(name);
  }
  return users;
}

function fieldsOf(
  slipway: Slipway,
  { type, flavor }: { type: ComponentType; flavor: string },
): readonly ConfigurationField[] | undefined {
  return slipway.flavors.find(type, flavor)?.fields;
}

function secretField(name: string): ConfigurationField {
  return {
    name,
    type: 'string',
    required: false,
    description: '',
    secret: true,
    deprecated: false,
  };
}
