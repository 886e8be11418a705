import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '..', '..', '..');

describe('The documentation', () => {
  it('has nothing generated that is stale', () => {
    const { stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'generate.js'), '--check'], {
      encoding: 'utf8',
    });
    expect(stderr).to.equal('');
  });

  it('explains every error code, and no other', async () => {
    const text = await readFile(join(root, 'docs', 'error-codes.json'), 'utf8');
    const sections = JSON.parse(text) as { codes: Record<string, { what: string; fix: string }> }[];
    const entries = sections.flatMap(({ codes }) => Object.entries(codes));
    const explained = entries.map(([code]) => code);
    expect(explained.toSorted()).to.deep.equal([...(await codesOfSource())].toSorted());
    for (const [code, { what, fix }] of entries) {
      expect(what, code).to.match(/\.$/);
      expect(fix, code).to.be.a('string').that.is.not.empty;
    }
  });
});

/** The texts in the source that look like a code, less the names of other things that are written alike. */
async function codesOfSource(): Promise<Set<string>> {
  const codes = new Set<string>();
  for (const folder of ['packages', 'plugins']) {
    for (const file of await readdir(join(root, folder), { recursive: true })) {
      // What the registry for tests answers are the codes of registries.
      if (!/^(?!testing\/)[^/]+\/src\/.*\.ts$/.test(file)) continue;
      const text = await readFile(join(root, folder, file), 'utf8');
      for (const [, code = ''] of text.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)) {
        if (!environmentVariable.test(code) && !codeOfNode.test(code)) codes.add(code);
      }
    }
  }
  return codes;
}

const environmentVariable = /^(SLIPWAY|BUILDKIT)_|^NODE_EXTRA_|^(HTTPS?|NO)_PROXY$|^(NO|FORCE)_COLOR$/;
const codeOfNode = /^(CERT|ERR|EAI|UNABLE_TO)_|_CERT(_IN_CHAIN)?$|^INVALID_(CA|PURPOSE)$/;
