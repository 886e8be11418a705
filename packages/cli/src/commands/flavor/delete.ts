import { type ComponentType, componentType, UsageError } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import { wantedPlugins } from '../../plugin-sources.js';
import { refuseIfUsed } from '../plugin/remove.js';
import { removePlugin } from '../plugin/user-plugins.js';
import { theFlavor } from './describe.js';
import { typeNamed, typeOption } from './flavor-type.js';

/** `flavor delete NAME`, or the same command of one type: `image-builder flavor delete NAME`. */
export function deleteFlavor(type?: ComponentType): Command {
  const path = [...(type === undefined ? [] : [componentType(type).command]), 'flavor', 'delete'];
  const line = ['slipway', ...path].join(' ');
  return defineCommand({
    path,
    summary: 'Delete a flavor that was registered from a module; the module stays.',
    arguments: { name: { required: true, summary: 'Which flavor.' } },
    options: type === undefined ? typeOption : {},
    examples: [`${line} my-flavor`, 'slipway flavor list'],
    async handler(input, context) {
      const slipway = await context.slipway();
      const wanted = type ?? typeNamed((input.options as { type?: string }).type);
      const { flavor, plugin } = theFlavor(slipway.flavors, input.arguments.name, wanted);
      const module = (await wantedPlugins()).plugins.find(
        ({ packageName, origin }) => packageName === plugin && origin === 'user',
      );
      if (module === undefined) {
        throw new UsageError({
          code: 'FLAVOR_OF_PLUGIN',
          message: `The flavor '${flavor.name}' cannot be deleted by itself.`,
          reason: `It belongs to the plugin '${plugin}'.`,
          fix: 'slipway plugin list',
        });
      }
      await refuseIfUsed(slipway, module, 'slipway plugin remove');
      await removePlugin(module.packageName);
      context.output.note(`Deleted the ${componentType(flavor.type).title} flavor '${flavor.name}'.`);
    },
  });
}
