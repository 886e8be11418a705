import { type ComponentType, componentType, type FlavorRegistry, type RegisteredFlavor } from '@slipway/core';
import { suggestion, UsageError } from '@slipway/core';
import { type Command, defineCommand, outputOptions } from '../../command/command.js';
import { flavorColumns, flavorSections, flavorView } from '../../views/flavor-view.js';
import { typeNamed, typeOption } from './flavor-type.js';

/** `flavor describe NAME`, or the same command of one type: `image-builder flavor describe NAME`. */
export function describeFlavor(type?: ComponentType): Command {
  const path = [...(type === undefined ? [] : [componentType(type).command]), 'flavor', 'describe'];
  const line = ['slipway', ...path].join(' ');
  return defineCommand({
    path,
    summary: 'Show the attributes of a flavor.',
    arguments: { name: { required: true, summary: 'Which flavor.' } },
    options: { ...(type === undefined ? typeOption : {}), ...outputOptions(flavorColumns) },
    examples: [`${line} FLAVOR`, `${line} FLAVOR -o json`],
    async handler(input, { slipway, output }) {
      const wanted = type ?? typeNamed(input.options.type);
      const view = flavorView(theFlavor((await slipway()).flavors, input.arguments.name, wanted));
      await output.describe(view, flavorColumns, {
        chosen: input.options.columns,
        sections: () => flavorSections(view),
      });
    },
  });
}

/** @throws UsageError `UNKNOWN_FLAVOR`, `AMBIGUOUS_FLAVOR` */
export function theFlavor(flavors: FlavorRegistry, name: string, type: ComponentType | undefined): RegisteredFlavor {
  if (type !== undefined) flavors.get(type, name);
  const found = flavors.list(type).filter(({ flavor }) => flavor.name === name);
  const [first, ...others] = found;
  if (first === undefined) {
    throw new UsageError({
      code: 'UNKNOWN_FLAVOR',
      message: `There is no flavor '${name}'.`,
      reason: suggestion(name, [...new Set(flavors.list().map(({ flavor }) => flavor.name))]),
      fix: 'slipway flavor list',
    });
  }
  if (others.length === 0) return first;
  throw new UsageError({
    code: 'AMBIGUOUS_FLAVOR',
    message: `Several component types have a flavor '${name}'.`,
    reason: `Types: ${found.map(({ flavor }) => componentType(flavor.type).title).join(', ')}.`,
    fix: `slipway flavor describe ${name} --type=${componentType(first.flavor.type).command}`,
  });
}
