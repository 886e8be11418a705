import { commandsToKeepApart } from '../components/secrets-apart.js';
import { componentType, componentTypeIds } from '../contracts/component-types.js';
import type { Notice } from '../errors/notice.js';
import type { ConfigurationField } from '../flavors/configuration-fields.js';
import type { FlavorRegistry } from '../flavors/flavor-registry.js';
import { plainSecretsIn } from '../flavors/secret-parts.js';
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
    components[type] = exportComponent(
      record,
      omitted.map((field) => field.name),
    );
    warnings.push(...omitted.map((field) => secretOmitted(record, field)));
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

/** The attributes that are, or hold, a secret in plain text. Of those that only hold one no part is exported, so that none is half. */
function plainSecrets(
  flavors: FlavorRegistry,
  { type, flavor, configuration }: ComponentRecord,
): readonly ConfigurationField[] {
  const { fields } = flavors.get(type, flavor);
  return fields
    .filter((field) => Object.hasOwn(configuration, field.name))
    .filter((field) => plainSecretsIn(field, configuration[field.name]).length > 0);
}

function labelsOf({ labels }: { readonly labels: Labels }): { readonly labels?: Labels } {
  return Object.keys(labels).length === 0 ? {} : { labels: { ...labels } };
}

function secretOmitted(record: ComponentRecord, field: ConfigurationField): Notice {
  return {
    code: 'SECRET_OMITTED',
    message: `The ${field.name} of the ${componentType(record.type).title} '${record.name}' was left out, as it ${
      field.secret ? 'is' : 'holds'
    } a secret in plain text.`,
    fix: `Keep the secret apart, and export again: ${commandsToKeepApart(record, field)}`,
  };
}
