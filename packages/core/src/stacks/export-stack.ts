import { componentType, componentTypeIds } from '../contracts/component-types.js';
import type { Notice } from '../errors/notice.js';
import type { FlavorRegistry } from '../flavors/flavor-registry.js';
import { isSecretReference } from '../secrets/references.js';
import { getComponent } from '../store/find.js';
import type { ComponentRecord, Labels, StackRecord, StoreDocument } from '../store/store-document.js';
import type { StackDocument, StackDocumentComponent } from './stack-document.js';

/** An exported stack, and what was left out of it. */
export interface StackExport {
  readonly document: StackDocument;
  /** One for each secret in plain text, which was left out. */
  readonly warnings: readonly Notice[];
}

/** @throws UsageError `UNKNOWN_FLAVOR`, as nobody knows then which attributes are secrets */
export function exportStack(flavors: FlavorRegistry, store: StoreDocument, stack: StackRecord): StackExport {
  const warnings: Notice[] = [];
  const components: Partial<Record<string, StackDocumentComponent>> = {};
  for (const type of componentTypeIds) {
    const name = stack.components[type];
    if (name === undefined) continue;
    const record = getComponent(store, type, name);
    const omitted = plainSecrets(flavors, record);
    components[type] = exportComponent(record, omitted);
    warnings.push(...omitted.map((attribute) => secretOmitted(record, attribute)));
  }
  return { document: { slipway_stack: 1, name: stack.name, ...labelsOf(stack), components }, warnings };
}

function exportComponent(record: ComponentRecord, omitted: readonly string[]): StackDocumentComponent {
  const { name, flavor, configuration } = record;
  const kept = Object.entries(configuration).filter(([attribute]) => !omitted.includes(attribute));
  return {
    name,
    flavor,
    configuration: structuredClone(Object.fromEntries(kept)),
    ...labelsOf(record),
    ...(omitted.length === 0 ? {} : { omitted_secrets: omitted }),
  };
}

function plainSecrets(flavors: FlavorRegistry, { type, flavor, configuration }: ComponentRecord): readonly string[] {
  return flavors
    .get(type, flavor)
    .fields.filter(
      ({ name, secret }) => secret && Object.hasOwn(configuration, name) && !isSecretReference(configuration[name]),
    )
    .map(({ name }) => name);
}

function labelsOf({ labels }: { readonly labels: Labels }): { readonly labels?: Labels } {
  return Object.keys(labels).length === 0 ? {} : { labels: { ...labels } };
}

function secretOmitted({ type, name }: ComponentRecord, attribute: string): Notice {
  const { title, command } = componentType(type);
  return {
    code: 'SECRET_OMITTED',
    message: `The ${attribute} of the ${title} '${name}' was left out, as it is a secret in plain text.`,
    fix: `Refer to a secret, and export again: slipway secret create NAME --${attribute}=@FILE, slipway ${command} update ${name} --${attribute}='{{NAME.${attribute}}}'`,
  };
}
