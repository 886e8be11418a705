import { type ComponentType, componentType } from '../contracts/component-types.js';
import { suggestion } from '../errors/nearest.js';
import { UsageError } from '../errors/slipway-error.js';
import type { ComponentRecord, StackRecord, StoreDocument } from './store-document.js';

export function findComponent(document: StoreDocument, type: ComponentType, name: string): ComponentRecord | undefined {
  return document.components.find((component) => component.type === type && component.name === name);
}

/** @throws UsageError `UNKNOWN_COMPONENT` with the nearest name */
export function getComponent(document: StoreDocument, type: ComponentType, name: string): ComponentRecord {
  const record = findComponent(document, type, name);
  if (record !== undefined) return record;
  const { title, command } = componentType(type);
  const names = document.components.filter((component) => component.type === type).map((component) => component.name);
  throw new UsageError({
    code: 'UNKNOWN_COMPONENT',
    message: `There is no ${title} '${name}'.`,
    reason: suggestion(name, names),
    fix: names.length === 0 ? `slipway ${command} register --help` : `slipway ${command} list`,
  });
}

/** @throws UsageError `UNKNOWN_STACK` with the nearest name */
export function getStack(document: StoreDocument, name: string): StackRecord {
  const record = document.stacks.find((stack) => stack.name === name);
  if (record !== undefined) return record;
  const names = document.stacks.map((stack) => stack.name);
  throw new UsageError({
    code: 'UNKNOWN_STACK',
    message: `There is no stack '${name}'.`,
    reason: suggestion(name, names),
    fix: 'slipway stack list',
  });
}

/** The stacks of every component, by `type/name`. */
export function stacksByComponent({ stacks }: StoreDocument): ReadonlyMap<string, readonly StackRecord[]> {
  const byComponent = new Map<string, StackRecord[]>();
  for (const stack of stacks) {
    for (const [type, name] of Object.entries(stack.components)) {
      const key = `${type}/${name}`;
      const known = byComponent.get(key);
      if (known === undefined) byComponent.set(key, [stack]);
      else known.push(stack);
    }
  }
  return byComponent;
}

/** The stacks that have a component. */
export function stacksWith(document: StoreDocument, type: ComponentType, name: string): readonly StackRecord[] {
  return document.stacks.filter((stack) => stack.components[type] === name);
}

/** Puts a record in the place of another. */
export function replaceRecord<T>(records: T[], before: T, after: T): void {
  records[records.indexOf(before)] = after;
}
