import { type ComponentType, componentType } from '@slipway/core';
import { type Command, defineCommand, outputOptions } from '../../command/command.js';
import { flavorColumns, flavorView } from '../../views/flavor-view.js';
import { typeNamed, typeOption } from './flavor-type.js';

/** `flavor list`, or the same command of one type: `image-builder flavor list`. */
export function listFlavors(type?: ComponentType): Command {
  const path = [...(type === undefined ? [] : [componentType(type).command]), 'flavor', 'list'];
  const line = ['slipway', ...path].join(' ');
  return defineCommand({
    path,
    summary: `List the flavors of ${type === undefined ? 'all components' : componentType(type).pluralTitle}.`,
    arguments: {},
    options: { ...(type === undefined ? typeOption : {}), ...outputOptions(flavorColumns) },
    examples: [line, type === undefined ? `${line} --type=image-builder` : `${line} -o json`],
    async handler(input, { slipway, output }) {
      const wanted = type ?? typeNamed(input.options.type);
      await output.list((await slipway()).flavors.list(wanted).map(flavorView), flavorColumns, {
        chosen: input.options.columns,
        whenEmpty: 'There are no such flavors.',
      });
    },
  });
}
