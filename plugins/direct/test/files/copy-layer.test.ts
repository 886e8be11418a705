import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { copy, extracted, failure, listed, makeFiles, useFolders } from './support.js';

describe('copyLayer', () => {
  const folders = useFolders();
  const options = (): { cacheFolder: string } => ({ cacheFolder: folders.cache });

  it('copies a file to a name, and into a directory', async () => {
    makeFiles(folders.context, { 'app.py': 'print(1)', run: { executable: '#!/bin/sh' } });
    expect(await listed(await copy(folders.context, options(), 'app.py', '/app/main.py'))).to.deep.equal([
      'drwxr-xr-x 0/0 app/',
      '-rw-r--r-- 0/0 8 app/main.py',
    ]);
    const layer = await copy(folders.context, options(), ['app.py', 'run'], 'bin/', { workingDirectory: '/app' });
    expect(await listed(layer)).to.deep.equal([
      'drwxr-xr-x 0/0 app/',
      'drwxr-xr-x 0/0 app/bin/',
      '-rw-r--r-- 0/0 8 app/bin/app.py',
      '-rwxr-xr-x 0/0 9 app/bin/run',
    ]);
    expect(await extracted(layer, 'app/bin/app.py')).to.equal('print(1)');
  });

  it('copies what is in a directory, with symlinks as they are', async () => {
    makeFiles(folders.context, { 'src/b/c.txt': 'c', 'src/a': { link: 'b/c.txt' }, 'src/empty': null });
    expect(await listed(await copy(folders.context, options(), 'src', '/x'))).to.deep.equal([
      'drwxr-xr-x 0/0 x/',
      'lrwxrwxrwx 0/0 x/a -> b/c.txt',
      'drwxr-xr-x 0/0 x/b/',
      '-rw-r--r-- 0/0 1 x/b/c.txt',
      'drwxr-xr-x 0/0 x/empty/',
    ]);
  });

  it('tells what is in a directory from what is sorted beside it, whatever the characters', async () => {
    const inside = ['!', 'b', 'é', '\uffee', '😀'].map((name) => `a/${name}/f`);
    const beside = ['a!', 'a-/f', 'a.b/a/f', 'a0', 'aé', 'a\uffee', 'a😀'];
    makeFiles(folders.context, Object.fromEntries([...inside, ...beside].map((path) => [path, path])));
    const files = async (source: string): Promise<string[]> => {
      const { entries } = await copy(folders.context, options(), source, '/');
      return entries.filter(({ kind }) => kind === 'file').map(({ path }) => path);
    };
    expect(await files('a')).to.have.members(inside.map((path) => path.slice(2)));
    for (const path of inside) expect(await files(path)).to.deep.equal(['f']);
    expect(await files('a?')).to.have.members(['a!', 'f', 'a0', 'aé', 'a\uffee', 'a😀']);
    expect(await files('.')).to.include.members([...inside, ...beside]);
  });

  it('follows a symlink that is the source itself, keeping its name', async () => {
    makeFiles(folders.context, { real: 'real', link: { link: 'real' }, dir: { link: 'folder' }, 'folder/f': 'f' });
    expect(await listed(await copy(folders.context, options(), ['link', 'dir/f'], '/x/'))).to.deep.equal([
      'drwxr-xr-x 0/0 x/',
      '-rw-r--r-- 0/0 1 x/f',
      '-rw-r--r-- 0/0 4 x/link',
    ]);
  });

  it('matches patterns as Go does, and lets one match nothing beside another source', async () => {
    makeFiles(folders.context, { 'a1.txt': '', 'a2.txt': '', 'b.txt': '', 'd/a3.txt': '', 'package.json': '{}' });
    const names = async (sources: string[]): Promise<string[]> =>
      (await copy(folders.context, options(), sources, '/')).entries.map(({ path }) => path);
    expect(await names(['a?.txt'])).to.deep.equal(['a1.txt', 'a2.txt']);
    expect(await names(['[^a]*.txt'])).to.deep.equal(['b.txt']);
    expect(await names(['*/a[1-3].txt'])).to.deep.equal(['a3.txt']);
    expect(await names(['**/a3.txt'])).to.deep.equal(['a3.txt']);
    expect(await names(['package.json', 'yarn.lock*'])).to.deep.equal(['package.json']);
  });

  it('refuses what it cannot do, each with the line', async () => {
    makeFiles(folders.context, { a: '', b: '', 'x/.wh.a': '', 'd/e': '' });
    const inexact: [what: string, expected: string, refused: () => Promise<unknown>][] = [
      ['outside', 'COPY_SOURCE_OUTSIDE_CONTEXT', () => copy(folders.context, options(), '../a', '/')],
      ['several to a name', 'COPY_DESTINATION_NOT_DIRECTORY', () => copy(folders.context, options(), ['a', 'b'], '/c')],
      ['an address', 'ADD_ADDRESS_UNSUPPORTED', () => copy(folders.context, options(), 'https://a.b/c', '/')],
      ['a mode', 'COPY_MODE_INVALID', () => copy(folders.context, options(), 'a', '/', { chmod: '9' })],
      ['an owner', 'COPY_OWNER_INVALID', () => copy(folders.context, options(), 'a', '/', { chown: ':' })],
      ['an unknown user', 'COPY_OWNER_INVALID', () => copy(folders.context, options(), 'a', '/', { chown: 'app' })],
      ['a pattern', 'COPY_PATTERN_INVALID', () => copy(folders.context, options(), '[a', '/')],
      ['an exclusion', 'COPY_PATTERN_INVALID', () => copy(folders.context, options(), 'a', '/', { exclude: ['[a'] })],
      ['a whiteout', 'COPY_NAME_RESERVED', () => copy(folders.context, options(), 'x', '/')],
    ];
    for (const [what, code, refused] of inexact) {
      const error = await failure(refused());
      expect(error, what).to.include({ code, exitCode: 2 });
      expect(error.message, what).to.match(/^Dockerfile line 7: COPY /);
    }
  });

  it('knows root where no file of the image names it, and gives none of the special bits to folders on the way', async () => {
    makeFiles(folders.context, { a: 'a' });
    const layer = await copy(folders.context, options(), 'a', '/n/', { chown: 'root:root', chmod: '4750' });
    expect(await listed(layer)).to.deep.equal(['drwxr-x--- 0/0 n/', '-rwsr-x--- 0/0 1 n/a']);
  });

  it('sets owner and mode, of the directories that it makes too', async () => {
    makeFiles(folders.context, { 'd/run': { executable: '' }, 'd/text': '', 'd/l': { link: 'run' } });
    expect(
      await listed(await copy(folders.context, options(), 'd', '/x', { chown: '1000', chmod: '750' })),
    ).to.deep.equal([
      'drwxr-x--- 1000/1000 x/',
      'lrwxrwxrwx 1000/1000 x/l -> run',
      '-rwxr-x--- 1000/1000 0 x/run',
      '-rwxr-x--- 1000/1000 0 x/text',
    ]);
    const symbolic = await copy(folders.context, options(), 'd', '/', { chown: '1:2', chmod: 'go=,u+s,a+X' });
    expect((await listed(symbolic)).slice(1)).to.deep.equal(['-rws--x--x 1/2 0 run', '-rwS------ 1/2 0 text']);
  });

  it('leaves out what is excluded', async () => {
    makeFiles(folders.context, { 'd/a.md': '', 'd/e/b.md': '', 'd/e/c.txt': '', 'd/f/g': '' });
    const layer = await copy(folders.context, options(), 'd', '/', { exclude: ['**/*.md', 'f'] });
    expect(layer.entries.map(({ path }) => path)).to.deep.equal(['e', 'e/c.txt']);
  });

  it('keeps the directories above the sources where asked to', async () => {
    makeFiles(folders.context, { 'a/b/one.txt': '', 'a/c/two.txt': '', 'a/c/other': '' });
    const paths = async (source: string): Promise<string[]> =>
      (await copy(folders.context, options(), source, '/x/', { parents: true })).entries.map(({ path }) => path);
    expect(await paths('a/*/*.txt')).to.deep.equal(['x', 'x/a', 'x/a/b', 'x/a/b/one.txt', 'x/a/c', 'x/a/c/two.txt']);
    expect(await paths('a/./c/two.txt')).to.deep.equal(['x', 'x/c', 'x/c/two.txt']);
    expect(await paths('./**/other')).to.deep.equal(['x', 'x/a', 'x/a/c', 'x/a/c/other']);
  });

  it('writes the files that stand in the Dockerfile', async () => {
    const inlineFiles = [{ name: 'EOF', content: 'hello\n' }];
    const layer = await copy(folders.context, options(), [], '/etc/hello', { inlineFiles });
    expect(await extracted(layer, 'etc/hello')).to.equal('hello\n');
    expect((await copy(folders.context, options(), [], '/d/', { inlineFiles })).entries.at(-1)?.path).to.equal('d/EOF');
  });

  it('unpacks with GNU tar to the folder that it was made of', async () => {
    const long = 'n'.repeat(120);
    makeFiles(folders.context, {
      'tree/ünï/😀': 'smile',
      [`tree/${long}/${long}`]: 'long',
      'tree/large': Buffer.alloc(700_001, 4),
      'tree/link': { link: long },
      'tree/empty': null,
    });
    const layer = await copy(folders.context, options(), 'tree', '/');
    const target = join(folders.root, 'target');
    mkdirSync(target);
    const file = join(folders.root, 'layer.tar.gz');
    const chunks: Buffer[] = [];
    for await (const chunk of layer.content()) chunks.push(chunk);
    writeFileSync(file, Buffer.concat(chunks));
    execFileSync('tar', ['xzf', file, '-C', target]);
    execFileSync('diff', ['-r', '--no-dereference', join(folders.context, 'tree'), target]);
    expect(readFileSync(join(target, 'large')).length).to.equal(700_001);
  });
});
