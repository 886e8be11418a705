import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { archiveOf, copy, extracted, failure, listed, makeFiles, useFolders } from './support.js';

describe('copyLayer with an archive to ADD', () => {
  const folders = useFolders();
  const options = (): { cacheFolder: string } => ({ cacheFolder: folders.cache });

  const flags = { gzip: ['-z'], bzip2: ['-j'], xz: ['-J'], zstd: ['--zstd'] };
  for (const [name, compression] of Object.entries({ plain: [], ...flags })) {
    it(`unpacks ${name} with modes, owners and links`, async () => {
      const folder = join(folders.root, 'unpacked');
      makeFiles(folder, { 'd/run': { executable: 'run' }, 'd/link': { link: 'run' } });
      execFileSync('ln', [join(folder, 'd/run'), join(folder, 'd/again')]);
      const archive = join(folders.context, 'archive');
      execFileSync('tar', ['cf', archive, ...compression, '--owner=5', '--group=6', '--mode=u+s', '-C', folder, 'd']);
      const layer = await copy(folders.context, options(), 'archive', '/x', { instruction: 'ADD' });
      expect(await listed(layer)).to.deep.equal([
        'drwxr-xr-x 0/0 x/',
        'drwsr-xr-x 5/6 x/d/',
        '-rwsr-xr-x 5/6 3 x/d/again',
        'lrwxrwxrwx 5/6 x/d/link -> run',
        'hrwsr-xr-x 5/6 x/d/run link to x/d/again',
      ]);
      expect(await extracted(layer, 'x/d/again')).to.equal('run');
      const chowned = await copy(folders.context, options(), 'archive', '/x', { instruction: 'ADD', chown: '8:9' });
      expect((await listed(chowned)).every((line) => line.includes(' 8/9 '))).to.equal(true);
      const whole = await copy(folders.context, options(), 'archive', '/x/', { instruction: 'ADD', unpack: false });
      expect(whole.entries.at(-1)?.path).to.equal('x/archive');
    });
  }

  it('copies a compressed file that is no archive as it is', async () => {
    makeFiles(folders.context, { text: 'text' });
    execFileSync('gzip', [join(folders.context, 'text')]);
    const layer = await copy(folders.context, options(), 'text.gz', '/x/', { instruction: 'ADD' });
    expect(layer.entries.map(({ path }) => path)).to.deep.equal(['x', 'x/text.gz']);
    writeFileSync(join(folders.context, 'a.tar.xz'), Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2]));
    const pretended = await copy(folders.context, options(), 'a.tar.xz', '/x/', { instruction: 'ADD' });
    expect(pretended.entries.map(({ path }) => path)).to.deep.equal(['x', 'x/a.tar.xz']);
  });

  for (const [name, compression] of Object.entries(flags)) {
    it(`reads ${name} of some megabytes whole, and says that a part of it is broken`, async () => {
      const folder = join(folders.root, 'unpacked');
      mkdirSync(folder);
      const content = randomBytes(2_000_000);
      writeFileSync(join(folder, 'random'), content);
      const archive = join(folders.context, 'archive');
      execFileSync('tar', ['cf', archive, ...compression, '-C', folder, '.']);
      const layer = await copy(folders.context, options(), 'archive', '/x', { instruction: 'ADD' });
      expect((await extracted(layer, 'x/random', 'latin1')) === content.toString('latin1')).to.equal(true);
      const packed = readFileSync(archive);
      writeFileSync(archive, packed.subarray(0, packed.length - 500_000));
      const error = await failure(copy(folders.context, options(), 'archive', '/x', { instruction: 'ADD' }));
      expect(error.code).to.equal('ADD_ARCHIVE_BROKEN');
    });
  }

  it('says that an archive is broken', async () => {
    const folder = join(folders.root, 'unpacked');
    makeFiles(folder, { one: 'x'.repeat(2000), two: 'x'.repeat(2000) });
    writeFileSync(join(folders.context, 'a.tar'), archiveOf(folder).subarray(0, 2500));
    const error = await failure(copy(folders.context, options(), 'a.tar', '/', { instruction: 'ADD' }));
    expect(error.code).to.equal('ADD_ARCHIVE_BROKEN');
  });
});
