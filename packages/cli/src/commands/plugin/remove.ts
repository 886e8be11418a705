import { resolve } from 'node:path';
import { componentType, findPlugins, shellWord, type Slipway, suggestion, UsageError } from '@slipway/core';
import { type Command, defineCommand } from '../../command/command.js';
import { ownPlugin, type WantedPlugin, wantedPlugins } from '../../plugin-sources.js';
import { isPath } from './loaded-plugin.js';
import { removeFromProject } from './project-plugins.js';
import { removePlugin } from './user-plugins.js';

/** `plugin remove`, or under the name that ZenML has for it: `integration uninstall`. */
export function removePluginCommand(path: readonly [noun: string, verb: string]): Command {
  const line = ['slipway', ...path].join(' ');
  return defineCommand({
    path,
    summary: 'Remove plugins that you, or with --project the project, added.',
    arguments: {
      plugins: {
        required: true,
        several: true,
        summary: 'The name or path of each.',
        complete: async () => (await wantedPlugins()).plugins.map(({ packageName }) => packageName),
      },
    },
    options: {
      project: { type: 'flag', summary: 'Take it out of the package.json of the project; a package stays installed.' },
      force: { type: 'flag', summary: 'Also where components use its flavors; they stay, and do not work.' },
      yes: { type: 'flag', letter: 'y', summary: 'Taken and ignored: there is nothing to confirm.' },
    },
    examples: [`${line} @acme/slipway-plugin`, `${line} ./tools/my-plugin --project`],
    async handler(input, { slipway, output }) {
      for (const written of new Set(input.arguments.plugins)) {
        const plugin = await findPlugin(written, input.options.project ? 'project' : 'user');
        if (input.options.force !== true) await refuseIfUsed(await slipway(), plugin, line);
        if (plugin.origin === 'project') await removeFromProject(plugin);
        else await removePlugin(plugin.packageName);
        output.note(`Removed the plugin '${written}'.`);
      }
    },
  });
}

type Origin = Exclude<WantedPlugin['origin'], 'slipway'>;

/** @throws UsageError `PLUGIN_NOT_YOURS`, `UNKNOWN_PLUGIN` */
async function findPlugin(written: string, origin: Origin): Promise<WantedPlugin> {
  const { plugins } = await wantedPlugins();
  const packageName = isPath(written) ? resolve(written) : written;
  const named = plugins.filter((plugin) => plugin.packageName === packageName);
  const meant = named.length > 0 ? named : await byTheirName(written, plugins);
  const found = meant.find((plugin) => plugin.origin === origin);
  if (found !== undefined) return found;
  const [other] = meant;
  if (other !== undefined && other.origin !== 'slipway') throw ofOther(written, other);
  if (other !== undefined || ownPlugin(written) !== undefined) {
    throw new UsageError({
      code: 'PLUGIN_NOT_YOURS',
      message: `The plugin '${written}' cannot be removed.`,
      reason: 'It comes with Slipway.',
      fix: 'slipway plugin list',
    });
  }
  const known = plugins.filter((plugin) => plugin.origin === origin).map((plugin) => plugin.packageName);
  throw new UsageError({
    code: 'UNKNOWN_PLUGIN',
    message: `${origin === 'user' ? 'You have' : 'The project has'} not added a plugin '${written}'.`,
    reason: suggestion(written, known),
    fix: 'slipway plugin list',
  });
}

function ofOther(written: string, { origin, declaredIn = '' }: WantedPlugin): UsageError {
  const line = `slipway plugin remove ${shellWord(written)}`;
  return new UsageError({
    code: 'PLUGIN_NOT_YOURS',
    message: `The plugin '${written}' is not ${origin === 'project' ? 'one that you added for yourself' : "the project's"}.`,
    reason: origin === 'project' ? `The project declares it, in ${declaredIn}.` : 'You have added it for yourself.',
    fix: origin === 'project' ? `${line} --project` : line,
  });
}

/** Those that were added by their paths are listed by the names that their packages have. */
async function byTheirName(written: string, plugins: readonly WantedPlugin[]): Promise<readonly WantedPlugin[]> {
  const byPath = plugins.filter(({ packageName }) => isPath(packageName));
  const found = await Promise.all(
    byPath.map(async (source) => ((await findPlugins([source])).plugins[0]?.name === written ? [source] : [])),
  );
  return found.flat();
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
    fix: `Delete ${users.length === 1 ? 'it' : 'them'} first, or leave ${users.length === 1 ? 'it' : 'them'} without a flavor: ${line} ${shellWord(source.packageName)}${source.origin === 'project' ? ' --project' : ''} --force`,
  });
}
