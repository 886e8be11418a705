// Writes what is generated from the source: the tables of the documentation, and what core says about its own flavors.
// `node scripts/generate.js --check` writes nothing and fails where something is stale. It reads what `tsc -b` wrote.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import * as prettier from 'prettier';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');

/**
 * A file of `scripts/generated` exports by default a function that resolves to these.
 * @typedef {object} Generated
 * @property {string} path relative to the repository
 * @property {string} content
 * @property {string} [section] the content stands between `<!-- generated: SECTION -->` and `<!-- /generated -->` of a
 * page that is otherwise written by hand; the whole file unless given
 */

/** @returns {Promise<Generated[]>} */
async function everything() {
  const folder = join(import.meta.dirname, 'generated');
  const modules = await Promise.all((await readdir(folder)).sort().map((name) => import(join(folder, name))));
  return (await Promise.all(modules.map((module) => module.default()))).flat();
}

/** @param {string} page @param {Generated} generated */
function withSection(page, { path, section, content }) {
  if (section === undefined) return content;
  const [start, end] = [`<!-- generated: ${section} -->`, '<!-- /generated -->'];
  const from = page.indexOf(start);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${path} has no section between '${start}' and '${end}'.`);
  return `${page.slice(0, from + start.length)}\n\n${content.trim()}\n\n${page.slice(to)}`;
}

const pages = new Map();
for (const generated of await everything()) {
  const path = join(root, generated.path);
  const before = pages.get(path)?.after ?? (await readFile(path, 'utf8').catch(() => ''));
  const text = withSection(before, generated);
  const options = { ...(await prettier.resolveConfig(path)), filepath: path };
  const kept = pages.get(path)?.before ?? before;
  pages.set(path, { before: kept, after: await prettier.format(text, options) });
}

const stale = [...pages].filter(([, { before, after }]) => before !== after);
for (const [path, { after }] of stale) {
  console.error(`${relative(root, path)} ${check ? 'is stale; run: npm run docs' : 'written'}`);
  if (!check) await writeFile(path, after);
}
if (check && stale.length > 0) process.exitCode = 1;
