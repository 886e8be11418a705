import { type ComponentType, componentType } from '../contracts/component-types.js';
import { suggestion } from '../errors/nearest.js';
import { UsageError } from '../errors/slipway-error.js';
import type { DocumentFile } from '../store/document-file.js';
import { findReferences, type FoundReference, replaceReferences } from './references.js';
import type { SecretDocument } from './secret-document.js';

/** What of a component holds references. */
export interface ReferringComponent {
  readonly type: ComponentType;
  readonly name: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** Puts secrets where attributes refer to them. */
export class SecretResolver {
  constructor(private readonly file: DocumentFile<SecretDocument>) {}

  /**
   * The component's configuration with the secrets in it. The secrets are read only where it refers to any.
   * @throws UsageError `UNKNOWN_SECRET`, `UNKNOWN_SECRET_KEY`; SlipwayError those of the store
   */
  async resolve(component: ReferringComponent): Promise<Readonly<Record<string, unknown>>> {
    const references = findReferences(component.configuration);
    if (references.length === 0) return component.configuration;
    const document = await this.file.read();
    for (const reference of references) {
      const missing = problem(document, component, reference);
      if (missing !== undefined) throw missing;
    }
    return replaceReferences(
      component.configuration,
      ({ secret, key }) => document.secrets.find(({ name }) => name === secret)?.values[key] ?? '',
    ) as Readonly<Record<string, unknown>>;
  }

  /** An error for each reference of the components that leads nowhere. */
  async missing(components: readonly ReferringComponent[]): Promise<readonly UsageError[]> {
    const referring = components
      .map((component) => ({ component, references: findReferences(component.configuration) }))
      .filter(({ references }) => references.length > 0);
    if (referring.length === 0) return [];
    const document = await this.file.read();
    return referring.flatMap(({ component, references }) =>
      references.flatMap((reference) => problem(document, component, reference) ?? []),
    );
  }
}

function problem(
  { secrets }: SecretDocument,
  { type, name }: ReferringComponent,
  { secret, key, path }: FoundReference,
): UsageError | undefined {
  const record = secrets.find((other) => other.name === secret);
  const keys = Object.keys(record?.values ?? {});
  if (keys.includes(key)) return undefined;
  const referrer = `'${String(path[0])}' of the ${componentType(type).title} '${name}'`;
  if (record === undefined) {
    return new UsageError({
      code: 'UNKNOWN_SECRET',
      message: `There is no secret '${secret}', to which ${referrer} refers.`,
      reason: suggestion(
        secret,
        secrets.map((other) => other.name),
      ),
      fix: `slipway secret create ${secret} --${key}`,
    });
  }
  return new UsageError({
    code: 'UNKNOWN_SECRET_KEY',
    message: `The secret '${secret}' has no key '${key}', to which ${referrer} refers.`,
    reason: suggestion(key, keys) ?? 'It has no keys.',
    fix: `slipway secret update ${secret} --${key}`,
  });
}
