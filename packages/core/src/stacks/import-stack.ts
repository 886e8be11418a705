import { isDeepStrictEqual } from 'node:util';
import { changeLabels } from '../components/labels.js';
import { checkName } from '../components/names.js';
import { secretNameFor } from '../components/secrets-apart.js';
import { type ComponentType, componentType, componentTypeIds } from '../contracts/component-types.js';
import { SlipwayError, UsageError } from '../errors/slipway-error.js';
import { checkConfiguration } from '../flavors/check-configuration.js';
import type { Flavor } from '../flavors/flavor.js';
import type { FlavorRegistry } from '../flavors/flavor-registry.js';
import { findComponent, replaceRecord } from '../store/find.js';
import type { ComponentRecord, StackRecord, StoreDocument } from '../store/store-document.js';
import { RenameRules } from './rename-rules.js';
import type { StackDocument, StackDocumentComponent } from './stack-document.js';

/** How something of the document came into the store: new; there already and alike; put in the place of another. */
export type ImportOutcome = 'created' | 'reused' | 'replaced';

export interface ImportedComponent {
  readonly component: ComponentRecord;
  readonly outcome: ImportOutcome;
}

export interface StackImportOptions {
  /** New names by old ones, of the stack and of components; `image_builder/default` or `stack/default` where only that is meant. */
  readonly rename?: Readonly<Record<string, string>> | undefined;
  /** Whether what is there under the same name, and differs, is replaced. */
  readonly replace?: boolean | undefined;
  /** Whether it becomes the user's active stack. */
  readonly activate?: boolean | undefined;
  /** False: the stack is not asked whether it works, and secrets that were left out of the export may be missing. */
  readonly validate?: boolean | undefined;
}

export interface ImportedParts {
  readonly stack: StackRecord;
  readonly outcome: ImportOutcome;
  readonly components: readonly ImportedComponent[];
}

/**
 * Puts a stack and its components into the document of the store. Whether the stack works is the caller's to ask.
 * @throws UsageError `INVALID_RENAME`, `INVALID_NAME`, `INVALID_LABEL`, `UNKNOWN_FLAVOR`, those of the configuration's validation,
 * `IMPORT_CONFLICT` with all that differs
 */
export async function importStack(
  flavors: FlavorRegistry,
  store: StoreDocument,
  document: StackDocument,
  options: StackImportOptions,
): Promise<ImportedParts> {
  const rules = new RenameRules(options.rename ?? {}, document);
  const conflicts: Conflict[] = [];
  const components: ImportedComponent[] = [];
  for (const type of componentTypeIds) {
    const given = document.components[type];
    if (given === undefined) continue;
    const name = rules.nameOf(type, given.name);
    checkName(name);
    const existing = findComponent(store, type, name);
    const component = { ...given, name, configuration: withKnownSecrets(given, existing) };
    checkGiven(await flavors.load(type, given.flavor), component, options);
    components.push(putComponent(store, type, component, existing, options, conflicts));
  }
  const name = rules.nameOf('stack', document.name);
  checkName(name);
  const labels = changeLabels({}, document.labels);
  const names = Object.fromEntries(components.map(({ component }) => [component.type, component.name]));
  const { stack, outcome } = putStack(store, { name, components: names, labels }, options, conflicts);
  if (conflicts.length > 0) throw conflictError(conflicts);
  if (options.activate === true) store.active_stack = name;
  return { stack, outcome, components };
}

interface Conflict {
  readonly what: string;
  readonly name: string;
  readonly difference: string;
}

function putComponent(
  store: StoreDocument,
  type: ComponentType,
  given: StackDocumentComponent,
  existing: ComponentRecord | undefined,
  { replace }: StackImportOptions,
  conflicts: Conflict[],
): ImportedComponent {
  const { name, flavor, configuration } = given;
  const at = new Date().toISOString();
  const labels = changeLabels({}, given.labels);
  if (existing === undefined) {
    const component = { type, flavor, name, configuration, labels, created_at: at, updated_at: at };
    store.components.push(component);
    return { component, outcome: 'created' };
  }
  const differing = differences(existing, given);
  if (differing.length === 0) return { component: existing, outcome: 'reused' };
  if (replace !== true) {
    conflicts.push({ what: componentType(type).title, name, difference: `in ${differing.join(', ')}` });
    return { component: existing, outcome: 'reused' };
  }
  const component = { ...existing, flavor, configuration, labels, updated_at: at };
  replaceRecord(store.components, existing, component);
  return { component, outcome: 'replaced' };
}

/** The configuration, with the secrets that the export left out where they are known here. */
function withKnownSecrets(
  { flavor, configuration, omitted_secrets: omitted = [] }: StackDocumentComponent,
  existing: ComponentRecord | undefined,
): Readonly<Record<string, unknown>> {
  if (existing?.flavor !== flavor) return configuration;
  const known = Object.entries(existing.configuration).filter(([attribute]) => omitted.includes(attribute));
  return { ...Object.fromEntries(known), ...configuration };
}

/** The names of what differs: `flavor`, or attributes. */
function differences(existing: ComponentRecord, given: StackDocumentComponent): readonly string[] {
  if (existing.flavor !== given.flavor) return ['flavor'];
  const attributes = new Set([...Object.keys(existing.configuration), ...Object.keys(given.configuration)]);
  return [...attributes].filter(
    (attribute) => !isDeepStrictEqual(existing.configuration[attribute], given.configuration[attribute]),
  );
}

function putStack(
  store: StoreDocument,
  { name, components, labels }: Pick<StackRecord, 'name' | 'components' | 'labels'>,
  { replace }: StackImportOptions,
  conflicts: Conflict[],
): { readonly stack: StackRecord; readonly outcome: ImportOutcome } {
  const at = new Date().toISOString();
  const existing = store.stacks.find((stack) => stack.name === name);
  if (existing === undefined) {
    const stack = { name, components, labels, created_at: at, updated_at: at };
    store.stacks.push(stack);
    return { stack, outcome: 'created' };
  }
  if (isDeepStrictEqual({ ...existing.components }, components)) return { stack: existing, outcome: 'reused' };
  if (replace !== true) {
    conflicts.push({ what: 'stack', name, difference: 'in its components' });
    return { stack: existing, outcome: 'reused' };
  }
  const stack = { ...existing, components, labels, updated_at: at };
  replaceRecord(store.stacks, existing, stack);
  return { stack, outcome: 'replaced' };
}

function checkGiven(
  flavor: Flavor,
  { name, configuration, omitted_secrets: omitted = [] }: StackDocumentComponent,
  { validate }: StackImportOptions,
): void {
  // A stand-in, so that the rest is checked all the same.
  const secrets = validate === false ? Object.fromEntries(omitted.map((attribute) => [attribute, '{{left.out}}'])) : {};
  try {
    checkConfiguration(flavor, { ...secrets, ...configuration });
  } catch (error) {
    if (omitted.length === 0 || !SlipwayError.is(error) || error.code !== 'MISSING_ATTRIBUTE') throw error;
    const [attribute = ''] = omitted;
    const secret = secretNameFor(name);
    throw new UsageError({
      code: error.code,
      message: `The ${componentType(flavor.type).title} '${name}' cannot do without what its export left out: ${omitted.join(', ')}.`,
      reason: error.reason ?? error.message,
      fix: `Write ${attribute}: '{{${secret}.${attribute}}}' into its configuration in the document, and create that secret: slipway secret create ${secret} --${attribute}; or import with --no-validate, and then: slipway ${componentType(flavor.type).command} update ${name} --${attribute}='{{${secret}.${attribute}}}'`,
    });
  }
}

function conflictError(conflicts: readonly Conflict[]): UsageError {
  const [first] = conflicts;
  return new UsageError({
    code: 'IMPORT_CONFLICT',
    message: conflicts
      .map(({ what, name, difference }) => `There is already another ${what} '${name}', which differs ${difference}.`)
      .join('\n'),
    reason: 'Nothing was imported.',
    fix: `Give it another name here, --rename ${first?.name ?? 'OLD'}=NEW, or replace what is here: --replace`,
  });
}
