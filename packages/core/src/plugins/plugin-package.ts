import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { checkApiVersion } from './plugin.js';
import type { PluginSource } from './plugin-source.js';

/** What the package.json of a plugin says. */
export interface PluginPackage {
  readonly name: string;
  readonly version: string;
  /** The path of the module that exports the plugin. */
  readonly module: string;
  /** The path of the manifest of its flavors, where it has one. */
  readonly manifest?: string;
}

interface PackageJson {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly slipway?: { readonly apiVersion?: unknown; readonly plugin?: unknown; readonly flavors?: unknown };
}

/** Finds a package and reads what it says. @throws Error that says what is wrong, as part of a sentence */
export async function readPluginPackage({ packageName, from }: PluginSource): Promise<PluginPackage> {
  const directory = isAbsolute(packageName) ? packageName : await packageDirectory(packageName, from);
  const { name, version, slipway } = await readPackageJson(directory);
  if (typeof slipway?.apiVersion !== 'number' || typeof slipway.plugin !== 'string') {
    throw new Error('its package.json has no "slipway" field with "apiVersion" and "plugin"');
  }
  checkApiVersion(slipway.apiVersion);
  return {
    name: typeof name === 'string' ? name : packageName,
    version: typeof version === 'string' ? version : '0.0.0',
    module: join(directory, slipway.plugin),
    ...(typeof slipway.flavors === 'string' ? { manifest: join(directory, slipway.flavors) } : {}),
  };
}

// Not `require.resolve`: a package's exports need not name its package.json.
async function packageDirectory(packageName: string, from: string): Promise<string> {
  // Of a folder, its own node_modules counts too: the file in it need not be there.
  const importer = join(resolve(from), 'index.js');
  for (const folder of createRequire(importer).resolve.paths(packageName) ?? []) {
    const directory = join(folder, packageName);
    const found = await readFile(join(directory, 'package.json')).then(
      () => true,
      () => false,
    );
    if (found) return directory;
  }
  throw new Error('the package is not installed');
}

async function readPackageJson(directory: string): Promise<PackageJson> {
  let text: string;
  try {
    text = await readFile(join(directory, 'package.json'), 'utf8');
  } catch {
    throw new Error(`there is no package in ${directory}`);
  }
  try {
    return (JSON.parse(text) ?? {}) as PackageJson;
  } catch {
    throw new Error('its package.json is not valid JSON');
  }
}
