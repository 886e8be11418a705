import { basename, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pluginTypes, writePlugin } from './write-plugin.js';

const usage = `Usage: npm create slipway-plugin FOLDER -- --type ${pluginTypes.join('|')} [--flavor NAME]

Examples:
  npm create slipway-plugin my-builder -- --type image-builder
  npm create slipway-plugin ./plugins/harbor -- --type container-registry --flavor harbor
`;

/** Writes a plugin as a command line says. @returns the exit code: 0 done, 1 failed, 2 wrong call */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        type: { type: 'string', short: 't' },
        flavor: { type: 'string', short: 'f' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) {
      process.stdout.write(usage);
      return 0;
    }
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0) return wrong('Name one folder for the plugin.');
    const type = values.type ?? 'image-builder';
    if (!isPluginType(type)) return wrong(`There is no component type '${type}': ${pluginTypes.join(', ')}.`);
    const path = resolve(folder);
    const flavor = values.flavor ?? basename(path).replace(/^slipway-plugin-/, '');
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(flavor)) {
      return wrong(
        `'${flavor}' is no name for a flavor: lower-case letters, digits and hyphens. Give one with --flavor.`,
      );
    }
    await writePlugin(path, { type, flavor });
    const shown = relative(process.cwd(), path) || '.';
    process.stdout.write(
      `Wrote the plugin '${flavor}'. Now:\n  cd ${shown}\n  npm install\n  npm test\n  npx slipway plugin add ./\n`,
    );
    return 0;
  } catch (error) {
    const wrongCall = error instanceof TypeError && 'code' in error;
    if (wrongCall) return wrong(error.message);
    process.stderr.write(`Error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

function isPluginType(type: string): type is (typeof pluginTypes)[number] {
  return (pluginTypes as readonly string[]).includes(type);
}

function wrong(message: string): number {
  process.stderr.write(`Error: ${message}\n\n${usage}`);
  return 2;
}
