import { type ComponentType, componentType, componentTypeIds, type Slipway, type StackRecord } from '@slipway/core';
import { table } from '../output/table.js';

/** A stack as commands show it. Fields may be added; those that are here keep their meaning. */
export interface StackView {
  readonly name: string;
  readonly active: boolean;
  readonly components: Readonly<Partial<Record<ComponentType, { readonly name: string; readonly flavor: string }>>>;
  readonly created_at: string;
  readonly updated_at: string;
}

export async function stackViews(slipway: Slipway, stacks: readonly StackRecord[]): Promise<readonly StackView[]> {
  const [active, components] = await Promise.all([slipway.stacks.activeName(), slipway.components.list()]);
  return stacks.map(({ name, components: names, created_at, updated_at }) => ({
    name,
    active: name === active,
    components: Object.fromEntries(
      components
        .filter((component) => names[component.type] === component.name)
        .map((component) => [component.type, { name: component.name, flavor: component.flavor }]),
    ),
    created_at,
    updated_at,
  }));
}

/** The view for people: what it is, then its components. */
export function stackText({ name, active, components }: StackView): string {
  const rows = componentTypeIds.map((type) => {
    const component = components[type];
    return [componentType(type).title, component?.name ?? '-', component?.flavor ?? '-'];
  });
  const head = table([
    ['Name:', name],
    ['Active:', active ? 'yes' : 'no'],
  ]);
  return `${head}\n\n${table([['TYPE', 'COMPONENT', 'FLAVOR'], ...rows])}`;
}
