import { type ComponentType, componentType, componentTypeIds, type Slipway, type StackRecord } from '@slipway/core';
import type { Column } from '../output/column.js';
import type { Section } from '../output/output.js';
import { shownLabels } from '../output/words.js';

/** A stack as commands show it. Fields may be added; those that are here keep their meaning. */
export interface StackView {
  readonly name: string;
  readonly active: boolean;
  readonly components: Readonly<Partial<Record<ComponentType, { readonly name: string; readonly flavor: string }>>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly created_at: string;
  readonly updated_at: string;
}

export async function stackViews(slipway: Slipway, stacks: readonly StackRecord[]): Promise<readonly StackView[]> {
  const [active, components] = await Promise.all([slipway.stacks.activeName(), slipway.components.list()]);
  const flavors = new Map(components.map(({ type, name, flavor }) => [`${type}/${name}`, flavor]));
  return stacks.map(({ name, components: names, labels, created_at, updated_at }) => ({
    name,
    active: name === active,
    components: Object.fromEntries(
      componentTypeIds.flatMap((type) => {
        const component = names[type];
        const flavor = flavors.get(`${type}/${component ?? ''}`);
        return component === undefined || flavor === undefined ? [] : [[type, { name: component, flavor }] as const];
      }),
    ),
    labels,
    created_at,
    updated_at,
  }));
}

export const stackColumns: readonly Column<StackView>[] = [
  { name: 'active', title: '', value: ({ active }) => active, cell: ({ active }) => (active ? '*' : '') },
  { name: 'name', value: ({ name }) => name },
  ...componentTypeIds.map((type): Column<StackView> => ({
    name: type,
    value: ({ components }) => components[type]?.name,
  })),
  { name: 'labels', hidden: true, value: ({ labels }) => labels, cell: ({ labels }) => shownLabels(labels) },
  { name: 'created_at', hidden: true, value: ({ created_at }) => created_at },
  { name: 'updated_at', hidden: true, value: ({ updated_at }) => updated_at },
];

/** The view for people: what it is, then its components. */
export function stackSections({ name, active, labels, components }: StackView): readonly Section[] {
  const rows = componentTypeIds.map((type) => {
    const component = components[type];
    return [componentType(type).title, component?.name ?? '-', component?.flavor ?? '-'];
  });
  return [
    {
      rows: [
        ['Name:', name],
        ['Active:', active ? 'yes' : 'no'],
        ...(Object.keys(labels).length === 0 ? [] : [['Labels:', shownLabels(labels)]]),
      ],
    },
    { titled: true, rows: [['TYPE', 'COMPONENT', 'FLAVOR'], ...rows] },
  ];
}
