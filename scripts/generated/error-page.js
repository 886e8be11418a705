// The page of all error codes, from docs/error-codes.json: a code is added there.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const introduction = `# Error codes

Every error says what happened, why, and what to do; its code is stable. Exit code 2 means that the call was wrong and nothing was
changed, 1 that it failed. \`-o json\` prints errors as [JSON](output.md). What stands here is general; the error itself names the thing.
`;

/** @param {string} text */
const cell = (text) => text.replaceAll('|', String.raw`\|`);

/** @returns {Promise<{ path: string, content: string }[]>} */
export default async function errorPage() {
  const path = join(import.meta.dirname, '..', '..', 'docs', 'error-codes.json');
  /** @type {{ title: string, codes: Record<string, { what: string, fix: string }> }[]} */
  const sections = JSON.parse(await readFile(path, 'utf8'));
  const tables = sections.map(({ title, codes }) => {
    const rows = Object.entries(codes).map(([code, { what, fix }]) => `| \`${code}\` | ${cell(what)} | ${cell(fix)} |`);
    return [`## ${title}`, '', '| code | what happened | what to do |', '| --- | --- | --- |', ...rows].join('\n');
  });
  return [{ path: 'docs/errors.md', content: `${introduction}\n${tables.join('\n\n')}\n` }];
}
