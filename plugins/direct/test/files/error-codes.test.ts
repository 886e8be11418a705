import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';

describe('docs/errors.md', () => {
  it('names every code of the files of the direct builder', () => {
    const folder = new URL('../../../src/files/', import.meta.url);
    const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const codes = sources.flatMap((text) => text.match(/'(CACHE|COPY|ADD|LAYER|ZSTD|CONTEXT)_[A-Z_]+'/g) ?? []);
    const page = readFileSync(new URL('../../../../../docs/errors.md', import.meta.url), 'utf8');
    expect(codes).not.to.be.empty;
    for (const code of new Set(codes)) expect(page).to.include(`\`${code.slice(1, -1)}\``);
  });
});
