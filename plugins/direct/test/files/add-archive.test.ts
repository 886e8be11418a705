import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBuildContext, SlipwayError } from '@slipway/core';
import { expect } from 'chai';
import { FileTree } from '../../src/files/index.js';
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
    const warnings: string[] = [];
    const warned = { ...options(), warn: (...words: string[]) => void warnings.push(words.join(' ')) };
    const layer = await copy(folders.context, warned, 'text.gz', '/x/', { instruction: 'ADD' });
    expect(layer.entries.map(({ path }) => path)).to.deep.equal(['x', 'x/text.gz']);
    expect(warnings).to.deep.equal([]);
    writeFileSync(join(folders.context, 'a.tar.xz'), Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2]));
    const pretended = await copy(folders.context, warned, 'a.tar.xz', '/x/', { instruction: 'ADD' });
    expect(pretended.entries.map(({ path }) => path)).to.deep.equal(['x', 'x/a.tar.xz']);
    expect(warnings).to.deep.equal([
      "Dockerfile line 7: ADD copies 'a.tar.xz' as it is. It begins as xz does, but cannot be decompressed: it may be cut off.",
    ]);
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

  it('warns of a small archive that was cut off, however it is compressed, or says that it is broken', async () => {
    const folder = join(folders.root, 'unpacked');
    makeFiles(folder, { one: 'x'.repeat(2000), two: 'y'.repeat(2000) });
    for (const [name, compression] of Object.entries(flags)) {
      const archive = join(folders.context, 'archive');
      execFileSync('tar', ['cf', archive, ...compression, '-C', folder, '.']);
      const packed = readFileSync(archive);
      writeFileSync(archive, packed.subarray(0, (packed.length * 2) / 3));
      const warnings: string[] = [];
      const warned = { ...options(), warn: (message: string) => void warnings.push(message) };
      const outcome = await copy(folders.context, warned, 'archive', '/x', { instruction: 'ADD' }).catch(
        (error: unknown) => error,
      );
      const code = SlipwayError.is(outcome) ? outcome.code : undefined;
      expect([code === 'ADD_ARCHIVE_BROKEN', warnings.length === 1], name).to.have.members([true, false]);
    }
  });

  it('says that the cache cannot be written, or the file cannot be read, and not that the archive is broken', async () => {
    makeFiles(folders.context, { one: 'x' });
    execFileSync('tar', ['czf', join(folders.context, 'a.tgz'), '-C', folders.context, 'one']);
    const cacheFolder = join(folders.context, 'one', 'cache');
    const add = { instruction: 'ADD' } as const;
    const unwritable = await failure(copy(folders.context, { cacheFolder }, 'a.tgz', '/', add));
    expect(unwritable.code).to.equal('CACHE_UNWRITABLE');
    expect(unwritable.message).to.include(cacheFolder);
    const context = await openBuildContext(folders.context);
    rmSync(join(folders.context, 'a.tgz'));
    const from = { kind: 'context', context, tree: FileTree.ofContext(context) } as const;
    const gone = await failure(copy(folders.context, options(), 'a.tgz', '/', { ...add, from }));
    expect(gone).to.include({ code: 'CONTEXT_FILE_CHANGED' });
  });

  it('ends where its archive ends, whatever stands behind it', async () => {
    const folder = join(folders.root, 'unpacked');
    makeFiles(folder, { one: 'x'.repeat(700), two: 'y' });
    const pack = (...names: string[]): Buffer => execFileSync('tar', ['cf', '-', '-b1', '-C', folder, ...names]);
    const archive = join(folders.context, 'a.tar');
    for (const behind of [Buffer.from('a signature'), randomBytes(5000), pack('two')]) {
      writeFileSync(archive, Buffer.concat([pack('one'), behind]));
      const layer = await copy(folders.context, options(), 'a.tar', '/', { instruction: 'ADD' });
      expect(layer.entries.map(({ path }) => path)).to.deep.equal(['one']);
    }
  });

  it('unpacks archives of every format that GNU tar writes, with long names and many blocks', async () => {
    const folder = join(folders.root, 'unpacked');
    const [long, large] = ['n'.repeat(90), Buffer.alloc(300_000, 'z')];
    for (const format of ['v7', 'oldgnu', 'gnu', 'ustar', 'pax']) {
      const deep = { v7: long, ustar: `${long}/${long}` }[format] ?? `${long}/${long}/${long}`;
      makeFiles(folder, { [`d/${deep}`]: 'deep', 'd/large': large, 'd/zeros': Buffer.alloc(2048), 'd/empty': null });
      const archive = join(folders.context, 'a.tar');
      execFileSync('tar', ['cf', archive, `--format=${format}`, '--sort=name', '-C', folder, 'd']);
      const layer = await copy(folders.context, options(), 'a.tar', '/', { instruction: 'ADD' });
      const kinds = new Map(layer.entries.map(({ path, kind }) => [path, kind]));
      expect([kinds.get('d'), kinds.get('d/empty')], format).to.deep.equal(['directory', 'directory']);
      expect(await extracted(layer, `d/${deep}`), format).to.equal('deep');
      expect((await extracted(layer, 'd/large')).length, format).to.equal(large.length);
      expect((await extracted(layer, 'd/zeros')).length, format).to.equal(2048);
      rmSync(folder, { recursive: true });
    }
  });

  it('takes the size that records of the standard say, as they do of files too large for a header', async () => {
    const record = '12 size=700\n';
    const blocks = [
      tarHeader('records', 'x', record.length),
      Buffer.from(record.padEnd(512, '\0')),
      tarHeader('large', '0', 0),
      Buffer.from('z'.repeat(700).padEnd(1024, '\0')),
      tarHeader('after', '0', 0),
      Buffer.alloc(1024),
      Buffer.from('behind'),
    ];
    writeFileSync(join(folders.context, 'a.tar'), Buffer.concat(blocks));
    const layer = await copy(folders.context, options(), 'a.tar', '/', { instruction: 'ADD' });
    expect(layer.entries.map(({ path, size }) => `${path} ${size}`)).to.deep.equal(['large 700', 'after 0']);
  });

  it('says which link of an archive leads to nothing', async () => {
    const folder = join(folders.root, 'unpacked');
    makeFiles(folder, { one: 'x' });
    execFileSync('ln', [join(folder, 'one'), join(folder, 'two')]);
    const archive = join(folders.context, 'a.tar');
    execFileSync('tar', ['cf', archive, '-C', folder, 'one', 'two']);
    execFileSync('tar', ['--delete', '-f', archive, 'one']);
    const error = await failure(copy(folders.context, options(), 'a.tar', '/', { instruction: 'ADD' }));
    expect(error.reason).to.equal("'two' is a link to 'one', which does not come before it.");
  });

  it('says that an archive is broken', async () => {
    const folder = join(folders.root, 'unpacked');
    makeFiles(folder, { one: 'x'.repeat(2000), two: 'x'.repeat(2000) });
    writeFileSync(join(folders.context, 'a.tar'), archiveOf(folder).subarray(0, 2500));
    const error = await failure(copy(folders.context, options(), 'a.tar', '/', { instruction: 'ADD' }));
    expect(error.code).to.equal('ADD_ARCHIVE_BROKEN');
  });
});

function tarHeader(name: string, type: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number): string => value.toString(8).padStart(length - 1, '0');
  header.write(name, 0);
  header.write(octal(0o644, 8), 100);
  header.write(octal(size, 12), 124);
  header.write(`        ${type}`, 148);
  header.write('ustar\u000000', 257);
  header.write(
    octal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  return header;
}
