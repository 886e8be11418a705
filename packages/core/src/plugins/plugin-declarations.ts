import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { takeLock } from '../store/lock.js';
import { makeFolder } from '../store/make-folder.js';
import type { PluginProblem, PluginSource } from './plugin-source.js';

/** A plugin that somebody declared in a package.json: `"slipway": {"plugins": ["a-package", "./a/folder", "./a-module.js"]}`. */
export interface DeclaredPlugin extends PluginSource {
  /** Whether the package.json is the project's, found upward, or that of the user's folder of plugins. */
  readonly origin: 'project' | 'user';
}

export interface DeclaredPlugins {
  readonly plugins: readonly DeclaredPlugin[];
  /** Files that could not be read. */
  readonly problems: readonly PluginProblem[];
}

/** The folder of the plugins that a user added: a package whose dependencies they are. */
export function userPluginFolder(configDirectory: string): string {
  return join(configDirectory, 'plugins');
}

/** The plugins that the user has added, and then those of the project in or above a folder. */
export async function declaredPlugins(options: {
  readonly configDirectory: string;
  readonly workingDirectory: string;
}): Promise<DeclaredPlugins> {
  const plugins: DeclaredPlugin[] = [];
  const problems: PluginProblem[] = [];
  const project = await findProject(options.workingDirectory);
  const user = join(userPluginFolder(options.configDirectory), 'package.json');
  for (const [path, origin] of [
    [user, 'user'] as const,
    ...(project === undefined ? [] : [[project, 'project'] as const]),
  ]) {
    try {
      const folder = dirname(path);
      const names = await readDeclarations(path);
      plugins.push(...names.map((name) => ({ packageName: absolute(name, folder), from: folder, origin })));
    } catch (error) {
      problems.push({
        packageName: path,
        message: error instanceof Error ? error.message : String(error),
        cause: error,
      });
    }
  }
  return { plugins, problems };
}

/** The package.json nearest to a folder that declares plugins, in it or above it. */
export async function findProject(from: string): Promise<string | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    const text = await readFile(path, 'utf8').catch(() => '');
    // Most projects have nothing to do with Slipway, and a broken file of theirs is none of our business.
    if (/"slipway"\s*:/.test(text) && /"plugins"\s*:/.test(text)) return path;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * Changes what a package.json declares, and keeps everything else that it says. Where it is not there, it is made.
 * @param change gets the names and paths as they are written
 */
export async function changeDeclarations(
  path: string,
  change: (plugins: readonly string[]) => readonly string[],
): Promise<void> {
  await makeFolder(dirname(path));
  const hold = await takeLock(path);
  try {
    const text = await readFile(path, 'utf8').catch(() => '{ "private": true }');
    const content = JSON.parse(text) as { slipway?: { plugins?: readonly string[] } };
    const slipway = { ...content.slipway, plugins: change(content.slipway?.plugins ?? []) };
    const partial = `${path}.${process.pid}.partial`;
    await writeFile(partial, `${JSON.stringify({ ...content, slipway }, null, 2)}\n`);
    await rename(partial, path);
  } finally {
    await hold.release();
  }
}

async function readDeclarations(path: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return [];
  }
  let content: { slipway?: { plugins?: unknown } } | null;
  try {
    content = JSON.parse(text) as typeof content;
  } catch {
    throw new Error('it is not valid JSON');
  }
  const plugins = content?.slipway?.plugins ?? [];
  if (Array.isArray(plugins) && plugins.every((name): name is string => typeof name === 'string')) return plugins;
  throw new Error('its "slipway.plugins" is no list of names and paths');
}

/** A path begins with `.` or `/`; everything else is a package's name. */
function absolute(name: string, folder: string): string {
  return name.startsWith('.') || isAbsolute(name) ? resolve(folder, name) : name;
}
