import { type ComponentType, componentType, componentTypeIds } from '../contracts/component-types.js';
import { checkName } from '../components/names.js';
import { UsageError } from '../errors/slipway-error.js';
import { getStack } from '../store/find.js';
import type { StackRecord, StoreDocument } from '../store/store-document.js';
import type { Store } from '../store/store.js';
import type { StackValidator } from './stack-validator.js';

/** Names of components by type. */
export type StackComponents = Readonly<Partial<Record<ComponentType, string>>>;

/** Registers, changes, activates and removes stacks. Every method leaves the store as it was where it throws. */
export class StackService {
  constructor(
    private readonly store: Store,
    private readonly validator: StackValidator,
  ) {}

  /** @throws UsageError `INVALID_NAME`, `NAME_TAKEN`, `EMPTY_STACK`, `UNKNOWN_COMPONENT`, `STACK_INVALID` */
  async register(name: string, components: StackComponents, options?: { activate?: boolean }): Promise<StackRecord> {
    checkName(name);
    return this.store.update(async (document) => {
      if (document.stacks.some((stack) => stack.name === name)) {
        throw new UsageError({
          code: 'NAME_TAKEN',
          message: `There is already a stack '${name}'.`,
          fix: `Choose another name, or change it with: slipway stack update ${name} …`,
        });
      }
      const at = new Date().toISOString();
      const record: StackRecord = { name, components: { ...components }, created_at: at, updated_at: at };
      await this.#check(document, record);
      document.stacks.push(record);
      if (options?.activate === true) document.active_stack = name;
      return record;
    });
  }

  async list(): Promise<readonly StackRecord[]> {
    return (await this.store.read()).stacks;
  }

  /** The name of the active stack. */
  async activeName(): Promise<string> {
    return (await this.store.read()).active_stack;
  }

  /**
   * @param name the active stack unless given
   * @throws UsageError `UNKNOWN_STACK`
   */
  async get(name?: string): Promise<StackRecord> {
    const document = await this.store.read();
    return getStack(document, name ?? document.active_stack);
  }

  /**
   * Sets components and keeps the others.
   * @throws UsageError `UNKNOWN_STACK`, `UNKNOWN_COMPONENT`, `STACK_INVALID`
   */
  async update(name: string | undefined, components: StackComponents): Promise<StackRecord> {
    return this.store.update(async (document) => {
      const record = getStack(document, name ?? document.active_stack);
      record.components = { ...record.components, ...components };
      record.updated_at = new Date().toISOString();
      await this.#check(document, record);
      return record;
    });
  }

  /** @throws UsageError `UNKNOWN_STACK`, `STACK_INVALID` */
  async activate(name: string): Promise<void> {
    await this.store.update(async (document) => {
      await this.#check(document, getStack(document, name));
      document.active_stack = name;
    });
  }

  /** The stack's components stay. @throws UsageError `UNKNOWN_STACK`, `STACK_ACTIVE` */
  async delete(name: string): Promise<void> {
    await this.store.update((document) => {
      const record = getStack(document, name);
      if (document.active_stack === name) {
        throw new UsageError({
          code: 'STACK_ACTIVE',
          message: `The stack '${name}' is active and cannot be deleted.`,
          fix: 'Activate another first: slipway stack set NAME',
        });
      }
      document.stacks.splice(document.stacks.indexOf(record), 1);
    });
  }

  async #check(document: StoreDocument, record: StackRecord): Promise<void> {
    const types = componentTypeIds.filter((type) => record.components[type] !== undefined);
    if (types.length === 0) {
      throw new UsageError({
        code: 'EMPTY_STACK',
        message: `The stack '${record.name}' would have no components.`,
        fix: `Name at least one: ${componentTypeIds
          .map((type) => `-${componentType(type).letter} ${componentType(type).command.toUpperCase()}`)
          .join(', ')}`,
      });
    }
    await this.validator.assemble(document, record);
  }
}
