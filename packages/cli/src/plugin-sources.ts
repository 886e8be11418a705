import {
  type DeclaredPlugin,
  declaredPlugins,
  defaultConfigDirectory,
  type PluginProblem,
  type PluginSource,
} from '@slipway/core';
import { distribution } from './distribution.js';

/** A plugin, and who wants it: it comes with Slipway, the user added it, or the project declares it. */
export interface WantedPlugin extends PluginSource {
  readonly origin: 'slipway' | DeclaredPlugin['origin'];
  /** The path of the package.json that declares it, where one does. */
  readonly declaredIn?: string;
}

/** All plugins there should be, the nearest last: of two with one name the later counts. */
export async function wantedPlugins(): Promise<{
  readonly plugins: readonly WantedPlugin[];
  readonly problems: readonly PluginProblem[];
}> {
  const declared = await declaredPlugins({
    configDirectory: defaultConfigDirectory(),
    workingDirectory: process.cwd(),
  });
  const own = distribution.plugins.map((packageName): WantedPlugin => ({
    packageName,
    from: distribution.resolvedFrom,
    origin: 'slipway',
  }));
  return { plugins: [...own, ...declared.plugins], problems: declared.problems };
}

/** The name of a package that comes with Slipway, which may be written short: `kaniko`. */
export function ownPlugin(written: string): string | undefined {
  return distribution.plugins.find((name) => name === written || shortName(name) === written);
}

/** What comes with Slipway, written short. */
export function ownPluginNames(): readonly string[] {
  return distribution.plugins.map(shortName);
}

function shortName(packageName: string): string {
  return packageName.replace(/^.*\/plugin-/, '');
}
