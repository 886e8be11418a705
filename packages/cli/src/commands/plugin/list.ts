import { componentType, findPlugins } from '@slipway/core';
import { type Command, defineCommand, outputOptions } from '../../command/command.js';
import type { Column } from '../../output/column.js';
import { wantedPlugins } from '../../plugin-sources.js';

/** A plugin as commands show it. Fields may be added; those that are here keep their meaning. */
interface PluginView {
  readonly name: string;
  /** Null where it could not be loaded. */
  readonly version: string | null;
  /** `slipway`: comes with it; `user`: added; `project`: declared in a package.json upward. */
  readonly origin: string;
  /** The path of the package.json that declares it; null for what comes with Slipway. */
  readonly declared_in: string | null;
  /** E.g. `image-builder/kaniko`. */
  readonly flavors: readonly string[];
  /** Why it could not be loaded. */
  readonly problem: string | null;
}

const columns: readonly Column<PluginView>[] = [
  { name: 'name', cell: ({ name }) => name, value: ({ name }) => name },
  { name: 'version', cell: ({ version }) => version ?? '-', value: ({ version }) => version },
  { name: 'origin', cell: ({ origin }) => origin, value: ({ origin }) => origin },
  { name: 'flavors', cell: ({ flavors }) => flavors.join(', ') || '-', value: ({ flavors }) => flavors },
  {
    name: 'declared_in',
    hidden: true,
    cell: ({ declared_in }) => declared_in ?? '-',
    value: ({ declared_in }) => declared_in,
  },
  { name: 'problem', cell: ({ problem }) => problem ?? '-', value: ({ problem }) => problem },
];

/** `plugin list`, or under the name that ZenML has for it: `integration list`. */
export function listPlugins(path: readonly [noun: string, verb: string]): Command {
  const line = ['slipway', ...path].join(' ');
  return defineCommand({
    path,
    summary: 'List the plugins, whose they are, and what they bring.',
    arguments: {},
    options: outputOptions(columns),
    examples: [line, `${line} -o json`],
    async handler(input, { output }) {
      const { plugins, problems } = await wantedPlugins();
      const unreadable = problems.map(({ packageName, message }) => broken(packageName, '-', packageName, message));
      const views = plugins.map(async (source): Promise<PluginView> => {
        const found = await findPlugins([source]);
        const [plugin] = found.plugins;
        const { origin, declaredIn = null } = source;
        if (plugin === undefined)
          return broken(source.packageName, origin, declaredIn, found.problems[0]?.message ?? '');
        const { name, version, flavors } = plugin;
        const brought = flavors.map((flavor) => `${componentType(flavor.type).command}/${flavor.name}`);
        return { name, version, origin, declared_in: declaredIn, flavors: brought, problem: null };
      });
      await output.list([...(await Promise.all(views)), ...unreadable], columns, {
        chosen: input.options.columns,
        whenEmpty: 'There are no plugins.',
      });
    },
  });
}

function broken(name: string, origin: string, declaredIn: string | null, problem: string): PluginView {
  return { name, version: null, origin, declared_in: declaredIn, flavors: [], problem };
}
