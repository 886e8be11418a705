import { isDeepStrictEqual } from 'node:util';
import { type ComponentType, componentType } from '../contracts/component-types.js';
import type { Notice } from '../errors/notice.js';
import { UsageError } from '../errors/slipway-error.js';
import { unknownAttribute } from '../flavors/attributes.js';
import type { Flavor } from '../flavors/flavor.js';
import type { FlavorRegistry } from '../flavors/flavor-registry.js';
import { checkConfiguration } from '../flavors/check-configuration.js';
import type { ActiveStackResolver } from '../stacks/active-stack.js';
import type { StackValidator } from '../stacks/stack-validator.js';
import { type ComponentFilter, filterComponents } from '../store/filter.js';
import { findComponent, getComponent, replaceRecord, stacksWith } from '../store/find.js';
import type { ComponentRecord, StackRecord, StoreDocument } from '../store/store-document.js';
import type { Store } from '../store/store.js';
import type { ConfigurationNotices } from './configuration-notices.js';
import { changeLabels, type LabelChanges } from './labels.js';
import { checkName } from './names.js';

export interface ComponentRegistration {
  readonly type: ComponentType;
  readonly flavor: string;
  readonly name: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** A component that was registered, and what a person should know about it. */
export interface RegisteredComponent {
  readonly component: ComponentRecord;
  readonly warnings: readonly Notice[];
}

/** A component before and after a change, which may have made no difference. */
export interface ComponentChange {
  readonly before: ComponentRecord;
  readonly after: ComponentRecord;
  readonly warnings: readonly Notice[];
}

export interface ComponentUpdateOptions {
  /** Labels to set; those that are null are removed. */
  readonly labels?: LabelChanges | undefined;
  /** False: the stacks that have the component are not asked whether they still work. */
  readonly validate?: boolean | undefined;
}

type Attributes = Readonly<Record<string, unknown>>;

/** Registers, changes and removes components. Every method leaves the store as it was where it throws. */
export class ComponentService {
  constructor(
    private readonly store: Store,
    private readonly flavors: FlavorRegistry,
    private readonly validator: StackValidator,
    private readonly activeStack: ActiveStackResolver,
    private readonly notices: ConfigurationNotices,
  ) {}

  /**
   * @throws UsageError `UNKNOWN_FLAVOR`, `INVALID_NAME`, `INVALID_LABEL`, `NAME_TAKEN`, and those of the configuration's validation
   */
  async register(registration: ComponentRegistration): Promise<RegisteredComponent> {
    const { type, name, configuration } = registration;
    checkName(name);
    const labels = changeLabels({}, registration.labels);
    const flavor = await this.flavors.load(type, registration.flavor);
    checkConfiguration(flavor, configuration);
    const component = newRecord({ type, flavor: flavor.name, name, configuration: { ...configuration }, labels });
    await this.store.update((document) => add(document, component));
    return { component, warnings: await this.notices.of(component, configuration) };
  }

  /** @param type all types unless given @throws UsageError `INVALID_FILTER` */
  async list(type?: ComponentType, filter: ComponentFilter = {}): Promise<readonly ComponentRecord[]> {
    return filterComponents(await this.store.read(), type, filter);
  }

  /** @throws UsageError `UNKNOWN_COMPONENT` */
  async get(type: ComponentType, name: string): Promise<ComponentRecord> {
    return getComponent(await this.store.read(), type, name);
  }

  /** The component of that type in the active stack, if it has one. @throws UsageError `UNKNOWN_STACK` */
  async active(type: ComponentType): Promise<ComponentRecord | undefined> {
    const document = await this.store.read();
    const { components } = await this.activeStack.getStack(document);
    const name = components[type];
    return name === undefined ? undefined : getComponent(document, type, name);
  }

  /**
   * Sets attributes and labels and keeps the others. The stacks that have the component must still be valid.
   * @param attributes or what makes them of the component as it is: within the lock, so that nothing is lost between
   * @throws UsageError `UNKNOWN_COMPONENT`, those of the configuration's validation, `INVALID_LABEL`, `UNKNOWN_LABEL`, `STACK_INVALID`
   */
  async update(
    type: ComponentType,
    name: string,
    attributes: Attributes | ((before: ComponentRecord) => Attributes),
    options: ComponentUpdateOptions = {},
  ): Promise<ComponentChange> {
    let given: Attributes = {};
    const change = await this.#change(type, name, options, (before) => {
      given = typeof attributes === 'function' ? attributes(before) : attributes;
      return { ...before.configuration, ...given };
    });
    return { ...change, warnings: await this.notices.of(change.after, given) };
  }

  /**
   * Takes back attributes that were set, so that their defaults hold. The stacks that have the component must still be valid.
   * @throws UsageError `UNKNOWN_COMPONENT`, `UNKNOWN_ATTRIBUTE`, `ATTRIBUTE_NOT_SET`, and those of `update`
   */
  async removeAttributes(
    type: ComponentType,
    name: string,
    attributes: readonly string[],
    options: ComponentUpdateOptions = {},
  ): Promise<ComponentChange> {
    return this.#change(type, name, options, (before, flavor) => {
      for (const attribute of attributes) {
        if (Object.hasOwn(before.configuration, attribute)) continue;
        if (!Object.hasOwn(flavor.configSchema.shape, attribute)) throw unknownAttribute(flavor, attribute);
        throw attributeNotSet(before, attribute);
      }
      const entries = Object.entries(before.configuration);
      return Object.fromEntries(entries.filter(([attribute]) => !attributes.includes(attribute)));
    });
  }

  /** Gives a component another name, in its stacks as well. @throws UsageError `UNKNOWN_COMPONENT`, `INVALID_NAME`, `NAME_TAKEN` */
  async rename(type: ComponentType, name: string, newName: string): Promise<ComponentChange> {
    checkName(newName);
    return this.store.update((document) => {
      const before = getComponent(document, type, name);
      if (newName === name) return { before, after: before, warnings: [] };
      if (findComponent(document, type, newName) !== undefined) throw nameTaken(type, newName);
      const after = { ...before, name: newName, updated_at: new Date().toISOString() };
      replaceRecord(document.components, before, after);
      for (const stack of stacksWith(document, type, name)) {
        replaceRecord(document.stacks, stack, { ...stack, components: { ...stack.components, [type]: newName } });
      }
      return { before, after, warnings: [] };
    });
  }

  /** Registers a component like another. @throws UsageError `UNKNOWN_COMPONENT`, `INVALID_NAME`, `NAME_TAKEN` */
  async copy(type: ComponentType, name: string, newName: string): Promise<ComponentRecord> {
    checkName(newName);
    return this.store.update((document) => {
      const { flavor, configuration, labels } = getComponent(document, type, name);
      return add(document, newRecord({ type, flavor, name: newName, configuration, labels }));
    });
  }

  /** @returns what it was @throws UsageError `UNKNOWN_COMPONENT`, `COMPONENT_IN_USE` */
  async delete(type: ComponentType, name: string): Promise<ComponentRecord> {
    return this.store.update((document) => {
      const record = getComponent(document, type, name);
      const users = stacksWith(document, type, name);
      if (users.length > 0) throw inUse(document, record, users);
      document.components.splice(document.components.indexOf(record), 1);
      return record;
    });
  }

  async #change(
    type: ComponentType,
    name: string,
    { labels, validate }: ComponentUpdateOptions,
    configure: (before: ComponentRecord, flavor: Flavor) => Readonly<Record<string, unknown>>,
  ): Promise<ComponentChange> {
    return this.store.update(async (document) => {
      const before = getComponent(document, type, name);
      const flavor = await this.flavors.load(type, before.flavor);
      const changed = {
        ...before,
        configuration: configure(before, flavor),
        labels: changeLabels(before.labels, labels),
      };
      checkConfiguration(flavor, changed.configuration);
      if (isDeepStrictEqual(changed, before)) return { before, after: before, warnings: [] };
      const after = { ...changed, updated_at: new Date().toISOString() };
      replaceRecord(document.components, before, after);
      if (validate !== false) {
        for (const stack of stacksWith(document, type, name)) await this.validator.assemble(document, stack);
      }
      return { before, after, warnings: [] };
    });
  }
}

function newRecord(given: Omit<ComponentRecord, 'created_at' | 'updated_at'>): ComponentRecord {
  const at = new Date().toISOString();
  return { ...given, created_at: at, updated_at: at };
}

function add(document: StoreDocument, component: ComponentRecord): ComponentRecord {
  const { type, name } = component;
  if (findComponent(document, type, name) !== undefined) throw nameTaken(type, name);
  document.components.push(component);
  return component;
}

function inUse(
  { components }: StoreDocument,
  { type, name }: ComponentRecord,
  users: readonly StackRecord[],
): UsageError {
  const { title, command, letter } = componentType(type);
  const [stack = ''] = users.map((user) => user.name);
  const other = components.find((component) => component.type === type && component.name !== name);
  return new UsageError({
    code: 'COMPONENT_IN_USE',
    message: `The ${title} '${name}' is in use.`,
    reason: `It belongs to ${users.length === 1 ? 'the stack' : 'the stacks'} ${users.map((stack) => `'${stack.name}'`).join(', ')}.`,
    fix:
      other === undefined
        ? `Take it out of there, and try again: slipway stack remove-component ${stack} -${letter}`
        : `Give ${users.length === 1 ? 'that stack' : 'those stacks'} another, and try again: slipway stack update ${stack} -${letter} ${other.name}; others: slipway ${command} list`,
  });
}

function attributeNotSet({ type, name, configuration }: ComponentRecord, attribute: string): UsageError {
  const set = Object.keys(configuration);
  return new UsageError({
    code: 'ATTRIBUTE_NOT_SET',
    message: `The ${componentType(type).title} '${name}' has no '${attribute}' that was set.`,
    reason: set.length === 0 ? 'It has its defaults alone.' : `Set are: ${set.join(', ')}.`,
    fix: `slipway ${componentType(type).command} describe ${name}`,
  });
}

function nameTaken(type: ComponentType, name: string): UsageError {
  const { title, command } = componentType(type);
  return new UsageError({
    code: 'NAME_TAKEN',
    message: `There is already ${/^[aeiou]/.test(title) ? 'an' : 'a'} ${title} '${name}'.`,
    fix: `Choose another name, or change what there is: slipway ${command} update ${name} --help`,
  });
}
