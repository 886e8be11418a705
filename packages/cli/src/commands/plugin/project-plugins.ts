import { dirname, relative, resolve } from 'node:path';
import { type AvailablePlugin, changeDeclarations, declaredName, projectPackageJson, shellWord } from '@slipway/core';
import type { WantedPlugin } from '../../plugin-sources.js';
import { isPath, loadedPlugin, packageNameOf } from './loaded-plugin.js';

/** Where the project declares its plugins, for everybody who works on it. */
export function projectPackage(): Promise<string> {
  return projectPackageJson(process.cwd());
}

/**
 * Declares a plugin in the project's package.json, once it loads from there. Packages are installed by the project's own package manager.
 * @param written a path, which is declared as seen from the project's folder; or a package, perhaps with a version
 * @throws SlipwayError `PLUGIN_BROKEN`, `PACKAGE_JSON_UNWRITABLE`; then nothing is declared
 */
export async function addToProject(path: string, written: string): Promise<AvailablePlugin> {
  const from = dirname(path);
  const packageName = isPath(written) ? resolve(written) : packageNameOf(written);
  // A project's packages are for its own package manager to install.
  const install = `npm install --prefix ${shellWord(from)} --save-dev ${shellWord(written)}`;
  const fix = `Install it for the project, and try again: ${install} && slipway plugin add --project ${packageName}`;
  const plugin = await loadedPlugin({ packageName, from }, packageName, isPath(written) ? undefined : fix);
  const declared = isPath(written) ? fromProject(from, packageName) : packageName;
  await change(path, packageName, (others) => [...others, declared]);
  return plugin;
}

/** Takes a plugin out of the package.json that declares it; a package stays installed. */
export async function removeFromProject({ packageName, declaredIn = '' }: WantedPlugin): Promise<void> {
  await change(declaredIn, packageName, (others) => others);
}

async function change(
  path: string,
  packageName: string,
  then: (others: readonly string[]) => readonly string[],
): Promise<void> {
  const isOther = (name: string): boolean => declaredName(name, dirname(path)) !== packageName;
  // Everybody who works on the project reads it.
  await changeDeclarations(path, (plugins) => then(plugins.filter(isOther)), 0o644);
}

/** `./tools/my-plugin.js`, alike on every system. */
function fromProject(folder: string, path: string): string {
  const inside = relative(folder, path).replaceAll('\\', '/');
  return inside.startsWith('../') ? inside : `./${inside}`;
}
