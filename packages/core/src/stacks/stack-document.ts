import { type ComponentType, componentTypeIds } from '../contracts/component-types.js';
import { UsageError } from '../errors/slipway-error.js';
import { anyObject, fields, listOf, mapOf, oneOf, ShapeError, text, word } from '../store/shape.js';
import type { Labels } from '../store/store-document.js';

const documentVersion = 1;

/** A stack and its components as data, to be written as YAML or JSON and imported elsewhere. Secrets are not part of it. */
export interface StackDocument {
  /** The version of this form. */
  readonly slipway_stack: typeof documentVersion;
  readonly name: string;
  readonly labels?: Labels;
  readonly components: Readonly<Partial<Record<ComponentType, StackDocumentComponent>>>;
}

export interface StackDocumentComponent {
  readonly name: string;
  readonly flavor: string;
  /** What was set; references to secrets stand as they are, `{{name.key}}`. */
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly labels?: Labels;
  /** Attributes that were set to secrets in plain text and left out. */
  readonly omitted_secrets?: readonly string[];
}

const labels = mapOf(word, text);
const component = fields(
  { name: word, flavor: word, configuration: anyObject },
  { labels, omitted_secrets: listOf(word) },
);
const shape = fields(
  { slipway_stack: () => {}, name: word, components: mapOf(oneOf(componentTypeIds), component) },
  { labels },
);

/**
 * What was read of an exported stack, found to be one.
 * @param value what a YAML or JSON parser made of the text
 * @throws UsageError `STACK_DOCUMENT_INVALID`, `STACK_DOCUMENT_TOO_NEW`
 */
export function parseStackDocument(value: unknown): StackDocument {
  const { slipway_stack: version, zenml_version: zenml } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (zenml !== undefined) throw invalid('It is one of ZenML, whose components have other flavors and attributes.');
  if (typeof version === 'number' && version > documentVersion) {
    throw new UsageError({
      code: 'STACK_DOCUMENT_TOO_NEW',
      message: 'The document was exported by a newer Slipway.',
      reason: `It has version ${version}; this Slipway knows version ${documentVersion}.`,
      fix: 'Import it with the newer Slipway.',
    });
  }
  if (version !== documentVersion) throw invalid('It has no `slipway_stack: 1`.');
  try {
    shape(value, '');
  } catch (error) {
    if (error instanceof ShapeError) throw invalid(`${error.message}.`);
    throw error;
  }
  return value as StackDocument;
}

function invalid(reason: string): UsageError {
  return new UsageError({
    code: 'STACK_DOCUMENT_INVALID',
    message: 'The document is not an exported stack.',
    reason,
    fix: 'Write one where the stack is: slipway stack export > stack.yaml',
  });
}
