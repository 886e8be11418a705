import { type ComponentRecord, type ComponentType, componentType, type Slipway, UsageError } from '@slipway/core';

/**
 * The component that a command names, else that of the active stack.
 * @throws UsageError `UNKNOWN_COMPONENT`, `NO_ACTIVE_COMPONENT`
 */
export async function chosenComponent(
  slipway: Slipway,
  type: ComponentType,
  name: string | undefined,
): Promise<ComponentRecord> {
  const record = await (name === undefined ? slipway.components.active(type) : slipway.components.get(type, name));
  if (record !== undefined) return record;
  const { command, title, letter } = componentType(type);
  const [stack, known] = await Promise.all([slipway.stacks.activeName(), slipway.components.list(type)]);
  const [other] = known;
  throw new UsageError({
    code: 'NO_ACTIVE_COMPONENT',
    message: `The active stack '${stack}' has no ${title}.`,
    fix:
      other === undefined
        ? `slipway ${command} register --help`
        : `Name one, of: slipway ${command} list; or give the stack one: slipway stack update ${stack} -${letter} ${other.name}`,
  });
}
