import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { plugins } from '../plugins.js';
import { builtinPlugin } from '../../packages/core/dist/src/builtin/builtin-plugin.js';
import { configurationFields } from '@slipway/core';

const root = join(import.meta.dirname, '..', '..');

/** The table of attributes in the page of each flavor that has one. */
export default async function flavorPages() {
  const modules = await Promise.all(plugins.map((folder) => import(join(root, folder, 'dist/src/index.js'))));
  const flavors = [builtinPlugin, ...modules.map((module) => module.default)].flatMap((plugin) => plugin.flavors);
  const pages = (await readdir(join(root, 'docs/flavors'))).map((name) => name.replace(/\.md$/, ''));
  return Promise.all(
    flavors.map(async (flavor) => {
      const path = pages.find(
        (page) =>
          page === `${flavor.name}-${flavor.type.replaceAll('_', '-')}` ||
          (page === flavor.name && !isShared(flavor, flavors)),
      );
      if (path === undefined)
        throw new Error(`The ${flavor.type} flavor '${flavor.name}' has no page in docs/flavors.`);
      return {
        path: `docs/flavors/${path}.md`,
        section: 'attributes',
        content: attributesTable(configurationFields(flavor.configSchema)),
      };
    }),
  );
}

/** Several types may have a flavor of one name; their pages have the type's name as well. */
function isShared({ name }, flavors) {
  return flavors.filter((flavor) => flavor.name === name).length > 1;
}

function attributesTable(fields) {
  const rows = fields.map(
    ({ name, type, required, default: value, description, example, secret, deprecated }) =>
      `| \`${name}\` | ${type} | ${required ? 'required' : value === undefined ? '' : code(JSON.stringify(value))} | ${[
        deprecated ? 'Deprecated.' : '',
        escaped(description),
        secret ? 'A secret: never shown.' : '',
        example === undefined ? '' : `E.g. ${code(example)}`,
      ]
        .filter((part) => part !== '')
        .join(' ')} |`,
  );
  return ['| attribute | type | default | what it is |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function code(text) {
  const shown = String(text)
    .replace(/^"(.*)"$/, '$1')
    .replaceAll('|', '\\|');
  return shown === '' ? 'empty' : `\`${shown}\``;
}

function escaped(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<');
}
