import { type ComponentChange, componentType, type FlavorDescription } from '@slipway/core';
import type { Output } from '../../output/output.js';
import { changedAttributes, changedLabels } from '../../views/changes.js';

/** Says what a change made other than it was, or that it was like that already. */
export function tellChange(output: Output, flavor: FlavorDescription, change: ComponentChange): void {
  const { type, name } = change.after;
  const { title } = componentType(type);
  const lines = [
    ...changedAttributes(flavor.fields, change),
    ...changedLabels(change.before.labels, change.after.labels),
  ];
  output.note(
    lines.length === 0
      ? `Nothing changed: the ${title} '${name}' was like that already.`
      : [`Updated the ${title} '${name}':`, ...lines].join('\n'),
  );
  output.warnings(change.warnings);
}
