import { resolve } from 'node:path';
import { componentType, findPlugins, type Slipway, suggestion, UsageError } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import { ownPlugin, type WantedPlugin, wantedPlugins } from '../../plugin-sources.js';
import { isPath, removePlugin } from './user-plugins.js';

/** `plugin remove`, or under the name that ZenML has for it: `integration uninstall`. */
export function removePluginCommand(path: readonly [noun: string, verb: string]): Command {
  const line = ['slipway', ...path].join(' ');
  return defineCommand({
    path,
    summary: 'Remove plugins that you added.',
    arguments: {
      plugins: {
        required: true,
        several: true,
        summary: 'The name or path of each.',
        complete: async () => (await wantedPlugins()).plugins.map(({ packageName }) => packageName),
      },
    },
    options: {
      force: { type: 'flag', summary: 'Also where components use its flavors; they stay, and do not work.' },
      yes: { type: 'flag', letter: 'y', summary: 'Taken and ignored: there is nothing to confirm.' },
    },
    examples: [`${line} @acme/slipway-plugin`, `${line} ./my-plugin --force`],
    async handler(input, { slipway, output }) {
      for (const written of new Set(input.arguments.plugins)) {
        const plugin = await findUserPlugin(written);
        if (input.options.force !== true) await refuseIfUsed(await slipway(), plugin, line);
        await removePlugin(plugin.packageName);
        output.note(`Removed the plugin '${written}'.`);
      }
    },
  });
}

async function findUserPlugin(written: string): Promise<WantedPlugin> {
  const { plugins } = await wantedPlugins();
  const packageName = isPath(written) ? resolve(written) : written;
  const meant = plugins.filter((plugin) => plugin.packageName === packageName);
  const user =
    meant.find(({ origin }) => origin === 'user') ?? (meant.length > 0 ? undefined : await byItsName(written, plugins));
  if (user !== undefined) return user;
  if (meant.length > 0 || ownPlugin(written) !== undefined) {
    throw new UsageError({
      code: 'PLUGIN_NOT_YOURS',
      message: `The plugin '${written}' cannot be removed.`,
      reason: meant.some(({ origin }) => origin === 'project')
        ? 'The project declares it, in the "slipway.plugins" of its package.json.'
        : 'It comes with Slipway.',
      fix: 'slipway plugin list',
    });
  }
  const known = plugins.filter(({ origin }) => origin === 'user').map((plugin) => plugin.packageName);
  throw new UsageError({
    code: 'UNKNOWN_PLUGIN',
    message: `You have not added a plugin '${written}'.`,
    reason: suggestion(written, known),
    fix: 'slipway plugin list',
  });
}

/** One that was added by its path is listed by the name that its package has. */
async function byItsName(written: string, plugins: readonly WantedPlugin[]): Promise<WantedPlugin | undefined> {
  for (const source of plugins.filter(({ origin, packageName }) => origin === 'user' && isPath(packageName))) {
    const [found] = (await findPlugins([source])).plugins;
    if (found?.name === written) return source;
  }
  return undefined;
}

/** @throws UsageError `PLUGIN_IN_USE` with the names of the components */
export async function refuseIfUsed(slipway: Slipway, source: WantedPlugin, line: string): Promise<void> {
  const [plugin] = (await findPlugins([source])).plugins;
  if (plugin === undefined) return;
  const users = (await slipway.components.list()).filter(({ type, flavor }) =>
    slipway.flavors
      .list(type)
      .some((registered) => registered.plugin === plugin.name && registered.flavor.name === flavor),
  );
  if (users.length === 0) return;
  const names = users.map(({ type, name }) => `the ${componentType(type).title} '${name}'`).join(', ');
  throw new UsageError({
    code: 'PLUGIN_IN_USE',
    message: `The plugin '${plugin.name}' is in use.`,
    reason: `Its flavors are those of ${names}.`,
    fix: `Delete ${users.length === 1 ? 'it' : 'them'} first, or leave ${users.length === 1 ? 'it' : 'them'} without a flavor: ${line} ${source.packageName} --force`,
  });
}
