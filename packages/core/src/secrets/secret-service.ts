import { type ComponentType, componentType } from '../contracts/component-types.js';
import { suggestion } from '../errors/nearest.js';
import { UsageError } from '../errors/slipway-error.js';
import type { DocumentFile } from '../store/document-file.js';
import { replaceRecord } from '../store/find.js';
import type { StoreDocument } from '../store/store-document.js';
import { findReferences } from './references.js';
import type { SecretDocument, SecretRecord } from './secret-document.js';

/** What may be known of a secret: everything but its values. */
export interface SecretSummary {
  readonly name: string;
  /** Sorted. */
  readonly keys: readonly string[];
  /** The components that refer to it. */
  readonly used_by: readonly { readonly type: ComponentType; readonly name: string }[];
  /** ISO 8601, in UTC. */
  readonly created_at: string;
  readonly updated_at: string;
}

/** Which keys a change of a secret added, gave another value, and removed. */
export interface SecretChange {
  readonly secret: SecretSummary;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface SecretUpdate {
  /** Values by key. */
  readonly set?: Readonly<Record<string, string>> | undefined;
  /** Keys. */
  readonly remove?: readonly string[] | undefined;
  /** Also what components refer to. */
  readonly force?: boolean | undefined;
}

// Neither has what ends the other in `{{name.key}}`.
const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;
const keyPattern = /^[A-Za-z0-9._-]{1,253}$/;

/** Keeps secrets apart from configuration. No method returns a value, and no error quotes one. */
export class SecretService {
  constructor(
    private readonly file: DocumentFile<SecretDocument>,
    private readonly store: DocumentFile<StoreDocument>,
  ) {}

  /** @throws UsageError `INVALID_NAME`, `INVALID_SECRET_KEY`, `EMPTY_SECRET`, `NAME_TAKEN` */
  async create(name: string, values: Readonly<Record<string, string>>): Promise<SecretSummary> {
    checkName(name);
    checkKeys(values);
    if (Object.keys(values).length === 0) throw emptySecret(name);
    const at = new Date().toISOString();
    const record: SecretRecord = { name, values: { ...values }, created_at: at, updated_at: at };
    await this.file.update((document) => {
      if (document.secrets.some((secret) => secret.name === name)) {
        throw new UsageError({
          code: 'NAME_TAKEN',
          message: `There is already a secret '${name}'.`,
          fix: `Choose another name, or change it: slipway secret update ${name} ${Object.keys(values)
            .map((key) => `--${key}`)
            .join(' ')}`,
        });
      }
      document.secrets.push(record);
    });
    return summary(record, await this.store.read());
  }

  async list(): Promise<readonly SecretSummary[]> {
    const [{ secrets }, store] = await Promise.all([this.file.read(), this.store.read()]);
    return secrets.map((record) => summary(record, store));
  }

  /** @throws UsageError `UNKNOWN_SECRET` */
  async get(name: string): Promise<SecretSummary> {
    const [document, store] = await Promise.all([this.file.read(), this.store.read()]);
    return summary(getSecret(document, name), store);
  }

  /**
   * Sets and removes keys, and keeps the others.
   * @throws UsageError `UNKNOWN_SECRET`, `INVALID_SECRET_KEY`, `UNKNOWN_SECRET_KEY`, `EMPTY_SECRET`, `SECRET_IN_USE` for a key that
   * a component refers to
   */
  async update(name: string, { set = {}, remove = [], force = false }: SecretUpdate): Promise<SecretChange> {
    checkKeys(set);
    return this.file.update(async (document) => {
      const before = getSecret(document, name);
      const keys = Object.keys(before.values);
      for (const key of remove) if (!keys.includes(key)) throw unknownKey(before, key);
      const store = await this.store.read();
      if (!force) checkUnused(store, name, remove);
      const kept = Object.entries(before.values).filter(([key]) => !remove.includes(key));
      const values = { ...Object.fromEntries(kept), ...set };
      if (Object.keys(values).length === 0) throw emptySecret(name);
      const record = { ...before, values, updated_at: new Date().toISOString() };
      replaceRecord(document.secrets, before, record);
      return {
        secret: summary(record, store),
        added: Object.keys(set).filter((key) => !keys.includes(key)),
        changed: Object.keys(set).filter((key) => keys.includes(key) && before.values[key] !== set[key]),
        removed: remove.filter((key) => !Object.hasOwn(set, key)),
      };
    });
  }

  /**
   * @param options `force`: also where components refer to it, which cannot be used then
   * @returns what it was
   * @throws UsageError `UNKNOWN_SECRET`, `SECRET_IN_USE`
   */
  async delete(name: string, { force = false }: { readonly force?: boolean | undefined } = {}): Promise<SecretSummary> {
    return this.file.update(async (document) => {
      const record = getSecret(document, name);
      const store = await this.store.read();
      if (!force) checkUnused(store, name);
      document.secrets.splice(document.secrets.indexOf(record), 1);
      return summary(record, store);
    });
  }
}

function summary({ name, values, created_at, updated_at }: SecretRecord, store: StoreDocument): SecretSummary {
  return { name, keys: Object.keys(values).sort(), used_by: users(store, name), created_at, updated_at };
}

/** The components that refer to a secret, or to one of some keys of it. */
function users(store: StoreDocument, secret: string, keys?: readonly string[]): SecretSummary['used_by'] {
  return store.components
    .filter(({ configuration }) =>
      findReferences(configuration).some((found) => found.secret === secret && (keys?.includes(found.key) ?? true)),
    )
    .map(({ type, name }) => ({ type, name }));
}

/** @throws UsageError `SECRET_IN_USE` */
function checkUnused(store: StoreDocument, name: string, keys?: readonly string[]): void {
  const using = users(store, name, keys);
  const [first] = using;
  if (first === undefined) return;
  const names = using.map((user) => `the ${componentType(user.type).title} '${user.name}'`).join(', ');
  throw new UsageError({
    code: 'SECRET_IN_USE',
    message: `The secret '${name}' is in use${keys === undefined ? '' : `: ${keys.map((key) => `'${key}'`).join(', ')}`}.`,
    reason: `${names.charAt(0).toUpperCase()}${names.slice(1)} ${using.length === 1 ? 'refers' : 'refer'} to it.`,
    fix: `Change that first: slipway ${componentType(first.type).command} describe ${first.name}; or go on all the same with --force.`,
  });
}

/** @throws UsageError `UNKNOWN_SECRET` with the nearest name */
function getSecret({ secrets }: SecretDocument, name: string): SecretRecord {
  const record = secrets.find((secret) => secret.name === name);
  if (record !== undefined) return record;
  throw new UsageError({
    code: 'UNKNOWN_SECRET',
    message: `There is no secret '${name}'.`,
    reason: suggestion(
      name,
      secrets.map((secret) => secret.name),
    ),
    fix: secrets.length === 0 ? `slipway secret create ${name} --password` : 'slipway secret list',
  });
}

function unknownKey({ name, values }: SecretRecord, key: string): UsageError {
  return new UsageError({
    code: 'UNKNOWN_SECRET_KEY',
    message: `The secret '${name}' has no key '${key}'.`,
    reason: suggestion(key, Object.keys(values)),
    fix: 'slipway secret list',
  });
}

function emptySecret(name: string): UsageError {
  return new UsageError({
    code: 'EMPTY_SECRET',
    message: `The secret '${name}' would have no keys.`,
    fix: `Give it one, such as --password, whose value is asked for; to delete it: slipway secret delete ${name}`,
  });
}

function checkName(name: string): void {
  if (namePattern.test(name)) return;
  throw new UsageError({
    code: 'INVALID_NAME',
    message: `'${name}' cannot be the name of a secret.`,
    reason:
      'A name has 1 to 63 letters (a to z, A to Z), digits, underscores and hyphens, and begins with a letter or digit.',
  });
}

function checkKeys(values: Readonly<Record<string, string>>): void {
  const wrong = Object.keys(values).find((key) => !keyPattern.test(key));
  if (wrong === undefined) return;
  throw new UsageError({
    code: 'INVALID_SECRET_KEY',
    message: `'${wrong}' cannot be the key of a secret.`,
    reason: 'A key has 1 to 253 letters (a to z, A to Z), digits, dots, underscores and hyphens.',
  });
}
