import { z } from 'zod';
import { type ComponentType, componentTypeIds } from '../contracts/component-types.js';

export const storeVersion = 1;

const type = z.enum(componentTypeIds);
const name = z.string().min(1);

const componentRecord = z.strictObject({
  type,
  flavor: z.string().min(1),
  name,
  /** As the person gave it: defaults are the flavor's and not kept. */
  configuration: z.record(z.string(), z.unknown()),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const stackRecord = z.strictObject({
  name,
  /** Names of components by type. */
  components: z.partialRecord(type, name),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

export const storeDocument = z
  .strictObject({
    version: z.literal(storeVersion),
    active_stack: name,
    components: z.array(componentRecord),
    stacks: z.array(stackRecord),
  })
  .superRefine(({ active_stack, components, stacks }, context) => {
    const known = new Set(components.map((component) => `${component.type}/${component.name}`));
    for (const stack of stacks) {
      for (const [componentType, component] of Object.entries(stack.components)) {
        if (known.has(`${componentType}/${component}`)) continue;
        context.addIssue(`stack '${stack.name}' names the ${componentType} '${component}', which is not there`);
      }
    }
    if (!stacks.some((stack) => stack.name === active_stack)) {
      context.addIssue(`the active stack '${active_stack}' is not there`);
    }
  });

/** Everything that is registered. */
export type StoreDocument = z.output<typeof storeDocument>;
/** A registered component. */
export type ComponentRecord = z.output<typeof componentRecord>;
/** A registered stack. */
export type StackRecord = z.output<typeof stackRecord>;

/** The flavors, by type, of the components of a fresh installation's stack. */
export type DefaultStack = Readonly<Partial<Record<ComponentType, string>>>;

/** What a fresh installation holds: a stack `default`, whose components have that name as well. */
export function initialDocument(flavors: DefaultStack): StoreDocument {
  const at = new Date().toISOString();
  const stamps = { created_at: at, updated_at: at };
  const types = componentTypeIds.filter((id) => flavors[id] !== undefined);
  return {
    version: storeVersion,
    active_stack: 'default',
    components: types.map((id) => ({
      type: id,
      flavor: flavors[id] ?? '',
      name: 'default',
      configuration: {},
      ...stamps,
    })),
    stacks: [{ name: 'default', components: Object.fromEntries(types.map((id) => [id, 'default'])), ...stamps }],
  };
}
