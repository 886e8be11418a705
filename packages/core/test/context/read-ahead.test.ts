import { expect } from 'chai';
import type { ContextEntry } from '../../src/context/build-context.js';
import { ReadAhead } from '../../src/context/read-ahead.js';
import { makeTree, useTemporaryDirectory } from './temporary-directory.js';

describe('ReadAhead', () => {
  const directory = useTemporaryDirectory();
  const contents = Array.from({ length: 100 }, (_, index) => String(index).repeat(index));

  for (const [storage, slow] of [
    ['quick', Infinity],
    ['slow', -1],
  ] as const) {
    describe(`on ${storage} storage`, () => {
      async function open(missing: readonly number[] = []): Promise<ReadAhead> {
        const present = contents.map((content, index) => [`f${index}`, content] as const);
        await makeTree(directory.path, Object.fromEntries(present.filter((_, index) => !missing.includes(index))));
        const files = contents.map((content, index): ContextEntry => {
          return { path: `f${index}`, kind: 'file', size: content.length, executable: false };
        });
        return new ReadAhead(directory.path, files, 1000, slow);
      }

      it('gives the files in their order', async () => {
        const files = await open();
        for (const content of contents) expect((await files.next()).toString()).to.equal(content);
      });

      it('fails when it is the turn of a file that is missing, not before', async () => {
        const files = await open([20, 21, 22, 23, 24]);
        for (const content of contents.slice(0, 20)) expect((await files.next()).toString()).to.equal(content);
        const error: unknown = await Promise.resolve()
          .then(() => files.next())
          .catch((reason: unknown) => reason);
        expect(error).to.have.property('code', 'CONTEXT_FILE_CHANGED');
        await files.settled();
      });
    });
  }
});
