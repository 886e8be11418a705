import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The component types for which there is a template. */
export const pluginTypes = ['image-builder', 'container-registry', 'artifact-store'] as const;

export interface PluginChoices {
  readonly type: (typeof pluginTypes)[number];
  /** Lower-case letters, digits and hyphens: `my-builder`. */
  readonly flavor: string;
}

const templates = join(import.meta.dirname, '..', '..', 'templates');

/**
 * Writes a plugin with one flavor into a folder that is empty or not there yet.
 * @throws Error where the folder has something in it
 */
export async function writePlugin(folder: string, { type, flavor }: PluginChoices): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new Error(`The folder ${folder} is not empty; nothing was written.`);
  const className = flavor.replaceAll(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const values: Readonly<Record<string, string>> = {
    flavor,
    type,
    Class: className,
    name: className.charAt(0).toLowerCase() + className.slice(1),
    version: await ownVersion(),
  };
  const filled = (text: string): string => text.replaceAll(/__(\w+?)__/g, (all, key: string) => values[key] ?? all);
  for (const template of ['common', type]) {
    const source = join(templates, template);
    for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const target = join(folder, filled(path.slice(source.length + 1)).replace(/\.template$/, ''));
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, filled(await readFile(path, 'utf8')));
    }
  }
}

/** All packages of Slipway have one version. */
async function ownVersion(): Promise<string> {
  const text = await readFile(join(templates, '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
