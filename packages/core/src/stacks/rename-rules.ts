import { type ComponentType, componentTypeIds } from '../contracts/component-types.js';
import { UsageError } from '../errors/slipway-error.js';
import type { StackDocument } from './stack-document.js';

type Kind = ComponentType | 'stack';

/** New names for what a document names: by name, or by kind and name where several share one. */
export class RenameRules {
  readonly #rules: Readonly<Record<string, string>>;

  /**
   * @param rules new names by old ones: `kb`, `image_builder/kb` or `stack/prod`
   * @throws UsageError `INVALID_RENAME` where a rule is for something that the document does not have
   */
  constructor(rules: Readonly<Record<string, string>>, document: StackDocument) {
    this.#rules = Object.fromEntries(
      Object.entries(rules).map(([old, name]) => [old.replaceAll(/-(?=.*\/)/g, '_'), name]),
    );
    const named = namesOf(document);
    for (const old of Object.keys(this.#rules)) {
      if (named.some(([kind, name]) => old === name || old === `${kind}/${name}`)) continue;
      throw new UsageError({
        code: 'INVALID_RENAME',
        message: `The document has nothing of the name '${old}' to rename.`,
        reason: `It has ${named.map(([kind, name]) => `${kind}/${name}`).join(', ')}.`,
        fix: 'Write --rename OLD=NEW, or --rename TYPE/OLD=NEW where several have that name.',
      });
    }
  }

  nameOf(kind: Kind, name: string): string {
    return this.#rules[`${kind}/${name}`] ?? this.#rules[name] ?? name;
  }
}

function namesOf({ name, components }: StackDocument): readonly (readonly [Kind, string])[] {
  const named = componentTypeIds.flatMap((type): (readonly [Kind, string])[] => {
    const component = components[type];
    return component === undefined ? [] : [[type, component.name]];
  });
  return [['stack', name], ...named];
}
