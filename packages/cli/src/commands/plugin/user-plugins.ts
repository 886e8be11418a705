import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type AvailablePlugin, changeDeclarations, defaultConfigDirectory, userPluginFolder } from '@slipway/core';
import { loadedPlugin, packageNameOf } from './loaded-plugin.js';
import { npm } from './npm.js';

/**
 * Loads a plugin from a folder or module, and declares it for the user.
 * @throws SlipwayError `PLUGIN_BROKEN`; then nothing is declared
 */
export async function addByPath(written: string): Promise<AvailablePlugin> {
  const path = resolve(written);
  const plugin = await loadedPlugin({ packageName: path, from: process.cwd() }, written);
  await declare((plugins) => [...plugins.filter((other) => other !== path), path]);
  return plugin;
}

/**
 * Installs a package with npm into the user's folder of plugins, loads it, and declares it.
 * @param specification as npm takes it: `@acme/plugin-x@1`
 * @throws SlipwayError `PLUGIN_INSTALL_FAILED`, `PLUGIN_BROKEN`; then it is taken away again
 */
export async function addPackage(specification: string): Promise<AvailablePlugin> {
  const before = await dependencies();
  await declare((plugins) => plugins);
  await npm(folder(), 'install', specification);
  const after = await dependencies();
  const fresh = Object.keys(after).find((name) => after[name] !== before[name]);
  const packageName = fresh ?? packageNameOf(specification);
  try {
    const plugin = await loadedPlugin({ packageName, from: folder() }, packageName);
    await declare((plugins) => [...plugins.filter((other) => other !== packageName), packageName]);
    return plugin;
  } catch (error) {
    if (before[packageName] === undefined) await npm(folder(), 'uninstall', packageName);
    throw error;
  }
}

/** Takes a plugin back: its declaration, and its package where npm installed it. */
export async function removePlugin(packageName: string): Promise<void> {
  await declare((plugins) => plugins.filter((other) => other !== packageName));
  if ((await dependencies())[packageName] !== undefined) await npm(folder(), 'uninstall', packageName);
}

function folder(): string {
  return userPluginFolder(defaultConfigDirectory());
}

function declare(change: (plugins: readonly string[]) => readonly string[]): Promise<void> {
  return changeDeclarations(join(folder(), 'package.json'), change);
}

async function dependencies(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(folder(), 'package.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(text) as { dependencies?: Record<string, string> }).dependencies ?? {};
}
