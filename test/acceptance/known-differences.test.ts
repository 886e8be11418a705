import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { equivalenceCases } from '../support/equivalence/cases.js';

const page = new URL('../../../docs/flavors/direct.md', import.meta.url);

describe('docs/flavors/direct.md', () => {
  it('names every known difference from other builders with its reason', async () => {
    const text = (await readFile(page, 'utf8')).replaceAll(/\s+/g, ' ');
    const reasons = equivalenceCases.flatMap(({ differences = [], unsupported = {} }) => [
      ...differences.map(({ reason }) => reason),
      ...Object.values(unsupported),
    ]);
    expect(reasons.filter((reason) => !text.includes(reason))).to.deep.equal([]);
  });
});
