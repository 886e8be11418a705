import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ComponentType, componentType, shellWord, UsageError } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import { an } from '../../output/words.js';
import { tell } from '../plugin/add.js';
import { isPath } from '../plugin/loaded-plugin.js';
import { addByPath, removePlugin } from '../plugin/user-plugins.js';

/** `flavor register MODULE`, or the same command of one type: `image-builder flavor register MODULE`. */
export function registerFlavor(type?: ComponentType): Command {
  const path = [...(type === undefined ? [] : [componentType(type).command]), 'flavor', 'register'];
  const line = ['slipway', ...path].join(' ');
  return defineCommand({
    path,
    summary: `Register ${type === undefined ? 'a flavor' : `${an(componentType(type).title)} flavor`} of your own, from a module.`,
    arguments: { module: { required: true, summary: 'The path of the module that exports it.', complete: 'files' } },
    options: {},
    examples: [`${line} ./flavors/my-flavor.js`, `${line} /srv/flavors/my-flavor.mjs`],
    async handler(input, { output }) {
      const { module } = input.arguments;
      const found = await stat(module).catch(() => undefined);
      if (found?.isFile() !== true) {
        throw new UsageError({
          code: 'UNREADABLE_FILE',
          message: found === undefined ? `There is no module '${module}'.` : `'${module}' is no module.`,
          reason: 'A flavor is registered from the file that exports it.',
          fix: `${found === undefined ? 'Check its path; a package' : 'A package in a folder'}: slipway plugin add ${shellWord(found === undefined || isPath(module) ? module : `./${module}`)}`,
        });
      }
      const plugin = await addByPath(resolve(module));
      if (type !== undefined && !plugin.flavors.some((flavor) => flavor.type === type)) {
        await removePlugin(resolve(module));
        const found = plugin.flavors.map((flavor) => `${componentType(flavor.type).title} '${flavor.name}'`).join(', ');
        throw new UsageError({
          code: 'WRONG_FLAVOR_TYPE',
          message: `The module has no ${componentType(type).title} flavor.`,
          reason: `It exports: ${found}.`,
          fix: `slipway flavor register ${module}`,
        });
      }
      tell(output, plugin);
    },
  });
}
