import { isDeepStrictEqual } from 'node:util';
import { type ComponentType, componentTypeIds } from '../contracts/component-types.js';
import { changeLabels, type LabelChanges } from '../components/labels.js';
import type { ConfigurationNotices } from '../components/configuration-notices.js';
import { checkName } from '../components/names.js';
import type { Notice } from '../errors/notice.js';
import type { FlavorRegistry } from '../flavors/flavor-registry.js';
import { filterStacks, type StackFilter } from '../store/filter.js';
import { getComponent, getStack, replaceRecord, stacksWith } from '../store/find.js';
import type { ComponentRecord, StackComponents, StackRecord, StoreDocument } from '../store/store-document.js';
import type { Store } from '../store/store.js';
import type { ActiveStack, ActiveStackResolver } from './active-stack.js';
import { exportStack, type StackExport } from './export-stack.js';
import { type ImportedParts, importStack, type StackImportOptions } from './import-stack.js';
import { parseStackDocument } from './stack-document.js';
import {
  componentNotInStack,
  emptyStack,
  overruled,
  stackActive,
  stackNameTaken,
  stillNamed,
} from './stack-problems.js';
import type { StackValidator } from './stack-validator.js';

export interface StackRegistrationOptions extends StackCheckOptions {
  /** Whether it becomes the user's active stack. */
  readonly activate?: boolean | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

export interface StackUpdateOptions extends StackCheckOptions {
  /** Labels to set; those that are null are removed. */
  readonly labels?: LabelChanges | undefined;
}

export interface StackCheckOptions {
  /** False: the components are not asked whether they work together. */
  readonly validate?: boolean | undefined;
}

/** A stack before and after a change, which may have made no difference. */
export interface StackChange {
  readonly before: StackRecord;
  readonly after: StackRecord;
  readonly warnings: readonly Notice[];
}

/** A stack that was deleted, and what went with it. */
export interface StackDeletion {
  readonly stack: StackRecord;
  /** Deleted with the stack, as no other stack has them. */
  readonly components: readonly ComponentRecord[];
}

/** The user's setting after it was changed. Where something else decides, `warnings` say so. */
export interface StackActivation {
  readonly stack: StackRecord;
  readonly warnings: readonly Notice[];
}

/** What an import brought into the store. */
export interface StackImport extends ImportedParts {
  /** Of secrets in plain text, and of references that lead nowhere. */
  readonly warnings: readonly Notice[];
}

/** Registers, changes, activates and removes stacks. Every method leaves the store as it was where it throws. */
export class StackService {
  constructor(
    private readonly store: Store,
    private readonly validator: StackValidator,
    private readonly activeStack: ActiveStackResolver,
    private readonly flavors: FlavorRegistry,
    private readonly notices: ConfigurationNotices,
  ) {}

  /** @throws UsageError `INVALID_NAME`, `INVALID_LABEL`, `NAME_TAKEN`, `EMPTY_STACK`, `UNKNOWN_COMPONENT`, `STACK_INVALID` */
  async register(
    name: string,
    components: StackComponents,
    options: StackRegistrationOptions = {},
  ): Promise<StackRecord> {
    checkName(name);
    const record = newRecord(name, components, changeLabels({}, options.labels));
    return this.store.update(async (document) => {
      checkFree(document, name);
      await this.#check(document, record, options);
      document.stacks.push(record);
      if (options.activate === true) document.active_stack = name;
      return record;
    });
  }

  /** @throws UsageError `INVALID_FILTER` */
  async list(filter: StackFilter = {}): Promise<readonly StackRecord[]> {
    return filterStacks(await this.store.read(), filter);
  }

  /** The active stack's name, and what decided it. Whether there is such a stack, `get` says. */
  async active(): Promise<ActiveStack> {
    return this.activeStack.resolve(await this.store.read());
  }

  /** The name of the active stack. */
  async activeName(): Promise<string> {
    return (await this.active()).name;
  }

  /**
   * @param name the active stack unless given
   * @throws UsageError `UNKNOWN_STACK`
   */
  async get(name?: string): Promise<StackRecord> {
    return this.activeStack.getStack(await this.store.read(), name);
  }

  /**
   * Sets components and labels and keeps the others.
   * @param name the active stack unless given
   * @throws UsageError `UNKNOWN_STACK`, `UNKNOWN_COMPONENT`, `STACK_INVALID`, `INVALID_LABEL`, `UNKNOWN_LABEL`
   */
  async update(
    name: string | undefined,
    components: StackComponents,
    options: StackUpdateOptions = {},
  ): Promise<StackChange> {
    return this.#change(name, options, (before) => ({
      ...before,
      components: { ...before.components, ...components },
      labels: changeLabels(before.labels, options.labels),
    }));
  }

  /**
   * Takes components out of a stack; they stay registered.
   * @param name the active stack unless given
   * @throws UsageError `UNKNOWN_STACK`, `COMPONENT_NOT_IN_STACK`, `EMPTY_STACK`, `STACK_INVALID`
   */
  async removeComponents(
    name: string | undefined,
    types: readonly ComponentType[],
    options: StackCheckOptions = {},
  ): Promise<StackChange> {
    return this.#change(name, options, (before) => {
      for (const type of types) {
        if (before.components[type] !== undefined) continue;
        throw componentNotInStack(before.name, type);
      }
      const left = Object.entries(before.components).filter(([type]) => !types.includes(type as ComponentType));
      return { ...before, components: Object.fromEntries(left) };
    });
  }

  /**
   * Gives a stack another name; the user's active stack stays so. What else names it, such as the project's file, is not changed.
   * @throws UsageError `UNKNOWN_STACK`, `INVALID_NAME`, `NAME_TAKEN`
   */
  async rename(name: string, newName: string): Promise<StackChange> {
    checkName(newName);
    return this.store.update(async (document) => {
      const before = getStack(document, name);
      if (newName === name) return { before, after: before, warnings: [] };
      checkFree(document, newName);
      const after = { ...before, name: newName, updated_at: new Date().toISOString() };
      replaceRecord(document.stacks, before, after);
      if (document.active_stack === name) document.active_stack = newName;
      return { before, after, warnings: await this.#stillNaming(document, name) };
    });
  }

  /** Registers a stack like another, of the same components. @throws UsageError `UNKNOWN_STACK`, `INVALID_NAME`, `NAME_TAKEN` */
  async copy(name: string, newName: string): Promise<StackRecord> {
    checkName(newName);
    return this.store.update((document) => {
      const { components, labels } = getStack(document, name);
      checkFree(document, newName);
      const record = newRecord(newName, components, labels);
      document.stacks.push(record);
      return record;
    });
  }

  /** Makes a stack the user's active one. @throws UsageError `UNKNOWN_STACK`, `STACK_INVALID` */
  async activate(name: string, options: StackCheckOptions = {}): Promise<StackActivation> {
    return this.store.update(async (document) => {
      const stack = getStack(document, name);
      await this.#check(document, stack, options);
      document.active_stack = name;
      const active = await this.activeStack.resolve(document);
      return { stack, warnings: active.name === name ? [] : [overruled(active, name)] };
    });
  }

  /**
   * Deletes a stack that is not active.
   * @param options `recursive`: with its components that no other stack has
   * @throws UsageError `UNKNOWN_STACK`, `STACK_ACTIVE`
   */
  async delete(name: string, options: { readonly recursive?: boolean | undefined } = {}): Promise<StackDeletion> {
    return this.store.update(async (document) => {
      const stack = getStack(document, name);
      const other = document.stacks.find((candidate) => candidate !== stack)?.name;
      if (document.active_stack === name) throw stackActive({ name, origin: 'user' }, other);
      const active = await this.activeStack.resolve(document);
      if (active.name === name) throw stackActive(active, other);
      document.stacks.splice(document.stacks.indexOf(stack), 1);
      const components = options.recursive === true ? componentsOfNoStack(document, stack) : [];
      document.components = document.components.filter((component) => !components.includes(component));
      return { stack, components };
    });
  }

  /**
   * A stack as data that another machine imports. Secrets in plain text are left out, and warned of.
   * @param name the active stack unless given
   * @throws UsageError `UNKNOWN_STACK`, `UNKNOWN_FLAVOR`
   */
  async export(name?: string): Promise<StackExport> {
    const document = await this.store.read();
    return exportStack(this.flavors, document, await this.activeStack.getStack(document, name));
  }

  /**
   * Registers an exported stack with its components. One that is there under the same name, and is alike, is used.
   * @param document what a YAML or JSON parser made of the text
   * @throws UsageError `STACK_DOCUMENT_INVALID`, `STACK_DOCUMENT_TOO_NEW`, `IMPORT_CONFLICT`, `INVALID_RENAME`, `INVALID_NAME`,
   * `UNKNOWN_FLAVOR`, those of the configuration's validation, `EMPTY_STACK`, `STACK_INVALID`
   */
  async import(document: unknown, options: StackImportOptions = {}): Promise<StackImport> {
    const stackDocument = parseStackDocument(document);
    return this.store.update(async (store) => {
      const parts = await importStack(this.flavors, store, stackDocument, options);
      await this.#check(store, parts.stack, options);
      const warnings: Notice[] = [];
      for (const { component, outcome } of parts.components) {
        if (outcome === 'reused') continue;
        const { type, name, configuration } = component;
        const others = stacksWith(store, type, name).filter((stack) => stack !== parts.stack);
        for (const stack of others) await this.#check(store, stack, options);
        warnings.push(...(await this.notices.of(component, configuration)));
      }
      return { ...parts, warnings };
    });
  }

  async #change(
    name: string | undefined,
    options: StackCheckOptions,
    change: (before: StackRecord) => StackRecord,
  ): Promise<StackChange> {
    return this.store.update(async (document) => {
      const before = await this.activeStack.getStack(document, name);
      const changed = change(before);
      await this.#check(document, changed, options);
      if (isDeepStrictEqual(changed, before)) return { before, after: before, warnings: [] };
      const after = { ...changed, updated_at: new Date().toISOString() };
      replaceRecord(document.stacks, before, after);
      return { before, after, warnings: [] };
    });
  }

  async #check(document: StoreDocument, record: StackRecord, { validate }: StackCheckOptions): Promise<void> {
    const types = componentTypeIds.filter((type) => record.components[type] !== undefined);
    if (types.length === 0) throw emptyStack(document, record.name);
    for (const type of types) getComponent(document, type, record.components[type] ?? '');
    if (validate !== false) await this.validator.assemble(document, record);
  }

  async #stillNaming(document: StoreDocument, name: string): Promise<readonly Notice[]> {
    const active = await this.activeStack.resolve(document);
    return active.name === name ? [stillNamed(active)] : [];
  }
}

function newRecord(name: string, components: StackComponents, labels: StackRecord['labels']): StackRecord {
  const at = new Date().toISOString();
  return { name, components: { ...components }, labels, created_at: at, updated_at: at };
}

function componentsOfNoStack(document: StoreDocument, { components }: StackRecord): readonly ComponentRecord[] {
  return document.components.filter(
    ({ type, name }) => components[type] === name && stacksWith(document, type, name).length === 0,
  );
}

function checkFree(document: StoreDocument, name: string): void {
  if (document.stacks.some((stack) => stack.name === name)) throw stackNameTaken(name);
}
