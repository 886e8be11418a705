import { type ComponentType, componentType } from '../contracts/component-types.js';
import { UsageError } from '../errors/slipway-error.js';
import type { FlavorRegistry } from '../flavors/flavor-registry.js';
import { validateConfiguration } from '../flavors/validate-configuration.js';
import type { StackValidator } from '../stacks/stack-validator.js';
import { findComponent, getComponent } from '../store/find.js';
import type { ComponentRecord, StoreDocument } from '../store/store-document.js';
import type { Store } from '../store/store.js';
import { checkName } from './names.js';

export interface ComponentRegistration {
  readonly type: ComponentType;
  readonly flavor: string;
  readonly name: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** A component before and after a change. */
export interface ComponentChange {
  readonly before: ComponentRecord;
  readonly after: ComponentRecord;
}

/** Registers, changes and removes components. Every method leaves the store as it was where it throws. */
export class ComponentService {
  constructor(
    private readonly store: Store,
    private readonly flavors: FlavorRegistry,
    private readonly validator: StackValidator,
  ) {}

  /** @throws UsageError `UNKNOWN_FLAVOR`, `INVALID_NAME`, `NAME_TAKEN`, and those of the configuration's validation */
  async register(registration: ComponentRegistration): Promise<ComponentRecord> {
    const { type, name } = registration;
    checkName(name);
    const flavor = this.flavors.get(type, registration.flavor);
    validateConfiguration(flavor, registration.configuration);
    return this.store.update((document) => {
      if (findComponent(document, type, name) !== undefined) throw nameTaken(type, name);
      const at = new Date().toISOString();
      const record: ComponentRecord = {
        type,
        flavor: flavor.name,
        name,
        configuration: { ...registration.configuration },
        created_at: at,
        updated_at: at,
      };
      document.components.push(record);
      return record;
    });
  }

  async list(type?: ComponentType): Promise<readonly ComponentRecord[]> {
    const { components } = await this.store.read();
    return components.filter((component) => type === undefined || component.type === type);
  }

  /** @throws UsageError `UNKNOWN_COMPONENT` */
  async get(type: ComponentType, name: string): Promise<ComponentRecord> {
    return getComponent(await this.store.read(), type, name);
  }

  /** The component of that type in the active stack, if it has one. */
  async active(type: ComponentType): Promise<ComponentRecord | undefined> {
    const document = await this.store.read();
    const stack = document.stacks.find(({ name }) => name === document.active_stack);
    const name = stack?.components[type];
    return name === undefined ? undefined : getComponent(document, type, name);
  }

  /**
   * Sets attributes and keeps the others. The stacks that have the component must still be valid.
   * @throws UsageError `UNKNOWN_COMPONENT`, those of the configuration's validation, `STACK_INVALID`
   */
  async update(
    type: ComponentType,
    name: string,
    attributes: Readonly<Record<string, unknown>>,
  ): Promise<ComponentChange> {
    return this.store.update(async (document) => {
      const record = getComponent(document, type, name);
      const before = structuredClone(record);
      record.configuration = { ...record.configuration, ...attributes };
      record.updated_at = new Date().toISOString();
      validateConfiguration(this.flavors.get(type, record.flavor), record.configuration);
      for (const stack of stacksWith(document, type, name)) await this.validator.assemble(document, stack);
      return { before, after: record };
    });
  }

  /** @throws UsageError `UNKNOWN_COMPONENT`, `COMPONENT_IN_USE` */
  async delete(type: ComponentType, name: string): Promise<void> {
    await this.store.update((document) => {
      const record = getComponent(document, type, name);
      const users = stacksWith(document, type, name).map((stack) => `'${stack.name}'`);
      if (users.length > 0) {
        throw new UsageError({
          code: 'COMPONENT_IN_USE',
          message: `The ${componentType(type).title} '${name}' is in use.`,
          reason: `It belongs to ${users.length === 1 ? 'the stack' : 'the stacks'} ${users.join(', ')}.`,
          fix: 'Give those stacks another with `slipway stack update`, or delete them, then try again.',
        });
      }
      document.components.splice(document.components.indexOf(record), 1);
    });
  }
}

function stacksWith(document: StoreDocument, type: ComponentType, name: string): StoreDocument['stacks'] {
  return document.stacks.filter((stack) => stack.components[type] === name);
}

function nameTaken(type: ComponentType, name: string): UsageError {
  const { title, command } = componentType(type);
  return new UsageError({
    code: 'NAME_TAKEN',
    message: `There is already ${/^[aeiou]/.test(title) ? 'an' : 'a'} ${title} '${name}'.`,
    fix: `Choose another name, or change it with: slipway ${command} update ${name} --…`,
  });
}
