import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { errorCode } from '../errors/error-code.js';
import { shellWord } from '../errors/shell-word.js';
import { SlipwayError } from '../errors/slipway-error.js';
import { takeLock } from '../store/lock.js';
import { makeFolder } from '../store/make-folder.js';
import type { PluginProblem, PluginSource } from './plugin-source.js';

/** A plugin that somebody declared in a package.json: `"slipway": {"plugins": ["a-package", "./a/folder", "./a-module.js"]}`. */
export interface DeclaredPlugin extends PluginSource {
  /** Whether the package.json is the project's, found upward, or that of the user's folder of plugins. */
  readonly origin: 'project' | 'user';
  /** The path of that package.json. */
  readonly declaredIn: string;
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
      plugins.push(
        ...names.map((name) => ({ packageName: declaredName(name, folder), from: folder, origin, declaredIn: path })),
      );
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
async function findProject(from: string): Promise<string | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    const text = await readFile(path, 'utf8').catch(() => '');
    // Most projects have nothing to do with Slipway, and a broken file of theirs is none of our business.
    if (/"slipway"\s*:/.test(text) && /"plugins"\s*:/.test(text)) return path;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * The package.json in which a project declares its plugins: the nearest that does; else the nearest there is, up to the folder of
 * the repository; else one in the folder itself, which is not there yet.
 */
export async function projectPackageJson(from: string): Promise<string> {
  const declaring = await findProject(from);
  if (declaring !== undefined) return declaring;
  const isThere = (path: string): Promise<boolean> =>
    stat(path).then(
      () => true,
      () => false,
    );
  for (let folder = resolve(from); dirname(folder) !== folder; folder = dirname(folder)) {
    if (await isThere(join(folder, 'package.json'))) return join(folder, 'package.json');
    if (await isThere(join(folder, '.git'))) break;
  }
  return join(resolve(from), 'package.json');
}

/**
 * Changes what a package.json declares, and keeps everything else that it says, as it is indented. Where it is not there, it is made.
 * @param change gets the names and paths as they are written
 * @param mode permissions of a file that is made
 * @throws SlipwayError `PACKAGE_JSON_UNWRITABLE`
 */
export async function changeDeclarations(
  path: string,
  change: (plugins: readonly string[]) => readonly string[],
  mode = 0o600,
): Promise<void> {
  try {
    await makeFolder(dirname(path));
    const hold = await takeLock(path, { mode: await modeOf(path, mode) });
    try {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (errorCode(error) === 'ENOENT') return '{\n  "private": true\n}\n';
        throw error;
      });
      const plugins = change(declarationsIn(text));
      const content = JSON.parse(text) as { slipway?: object };
      const [, indentation = 2] = /^([ \t]+)"/m.exec(text) ?? [];
      const slipway = { ...content.slipway, plugins };
      await hold.replace(`${JSON.stringify({ ...content, slipway }, null, indentation)}\n`);
    } finally {
      await hold.release();
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new SlipwayError({
      code: 'PACKAGE_JSON_UNWRITABLE',
      message: `The plugins that ${path} declares cannot be changed.`,
      reason: `${message.charAt(0).toUpperCase()}${message.slice(1)}.`,
      fix: `Mend the file, or its permissions: ls -l ${shellWord(path)}`,
      cause: error,
    });
  }
}

async function modeOf(path: string, otherwise: number): Promise<number> {
  return stat(path).then(
    ({ mode }) => mode & 0o777,
    () => otherwise,
  );
}

async function readDeclarations(path: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return [];
  }
  return declarationsIn(text);
}

/** @throws Error that says what is wrong, as part of a sentence */
function declarationsIn(text: string): readonly string[] {
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

/** What a declaration means in a package.json of that folder: a path begins with `.` or `/`; everything else is a package's name. */
export function declaredName(name: string, folder: string): string {
  return name.startsWith('.') || isAbsolute(name) ? resolve(folder, name) : name;
}
