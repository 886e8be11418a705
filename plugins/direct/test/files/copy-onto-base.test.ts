import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { FileTree } from '../../src/files/index.js';
import { archiveOf, copy, extracted, failure, ImageInMemory, listed, makeFiles, useFolders } from './support.js';

describe('copyLayer onto a base image', () => {
  const folders = useFolders();
  const options = (): { cacheFolder: string } => ({ cacheFolder: folders.cache });

  function base(): ImageInMemory {
    const [lower, upper] = [join(folders.root, 'lower'), join(folders.root, 'upper')];
    makeFiles(lower, {
      'etc/passwd': 'root:x:0:0::/:/bin/sh\napp:x:1000:1001::/:/bin/sh\n',
      'etc/group': 'root:x:0:\nstaff:x:50:\n',
      'usr/bin/sh': { executable: 'sh' },
      bin: { link: 'usr/bin' },
      'gone/file': 'gone',
      'opaque/old': 'old',
    });
    execFileSync('ln', [join(lower, 'usr/bin/sh'), join(lower, 'usr/bin/bash')]);
    execFileSync('mkdir', ['-m', '1777', join(lower, 'tmp')]);
    makeFiles(upper, {
      'gone/.wh.file': '',
      'opaque/.wh..wh..opq': '',
      'opaque/new': 'new',
      'data/big': 'b'.repeat(5000),
    });
    return new ImageInMemory(archiveOf(lower), archiveOf(upper));
  }

  it('does not read it for a file to a name, with no directory of its own in the layer', async () => {
    makeFiles(folders.context, { 'app.py': 'x', 'src/lib/a.py': '' });
    const image = base();
    const target = image.tree(folders.cache);
    expect(await listed(await copy(folders.context, options(), 'app.py', '/app/main.py', { target }))).to.deep.equal([
      '-rw-r--r-- 0/0 1 app/main.py',
    ]);
    expect(await listed(await copy(folders.context, options(), 'src', '/app', { target }))).to.deep.equal([
      'drwxr-xr-x 0/0 app/lib/',
      '-rw-r--r-- 0/0 0 app/lib/a.py',
    ]);
    expect(await listed(await copy(folders.context, options(), 'app.py', '/tmp/', { target }))).to.deep.equal([
      '-rw-r--r-- 0/0 1 tmp/app.py',
    ]);
    expect(image.reads).to.equal(0);
  });

  it('reads it once, and never again with the cache, where a name may be a directory', async () => {
    makeFiles(folders.context, { tool: 'x' });
    const image = base();
    const paths = async (): Promise<string[]> =>
      (await copy(folders.context, options(), 'tool', '/bin', { target: image.tree(folders.cache) })).entries.map(
        ({ path }) => path,
      );
    expect(await paths()).to.deep.equal(['usr/bin/tool']);
    expect(image.reads).to.equal(2);
    expect(await paths()).to.deep.equal(['usr/bin/tool']);
    expect(image.reads).to.equal(2);
  });

  it('looks names up in its passwd and group', async () => {
    makeFiles(folders.context, { a: '' });
    const image = base();
    const line = async (chown: string): Promise<string[]> =>
      listed(await copy(folders.context, options(), 'a', '/n/', { chown, target: image.tree(folders.cache) }));
    expect(await line('app')).to.deep.equal(['drwxr-xr-x 1000/1001 n/', '-rw-r--r-- 1000/1001 0 n/a']);
    expect((await line('app:staff'))[1]).to.equal('-rw-r--r-- 1000/50 0 n/a');
    expect((await line('7:staff'))[1]).to.equal('-rw-r--r-- 7/50 0 n/a');
    expect(image.reads).to.equal(2);
  });

  it('is read where the cache cannot be written, but that nothing can be copied from it', async () => {
    makeFiles(folders.context, { a: '' });
    const cacheFolder = join(folders.context, 'a', 'cache');
    const target = base().tree(cacheFolder);
    const layer = await copy(folders.context, { cacheFolder }, 'a', '/n/', { chown: 'app', target });
    expect((await listed(layer))[1]).to.equal('-rw-r--r-- 1000/1001 0 n/a');
    const from = { kind: 'stage', name: 'base', tree: target } as const;
    const error = await failure(copy(folders.context, { cacheFolder }, '/usr/bin/sh', '/sh', { from }));
    expect(error.code).to.equal('CACHE_UNWRITABLE');
  });

  it('refuses to replace a symlink by a directory', async () => {
    makeFiles(folders.context, { 'rootfs/bin/a': '' });
    const error = await failure(
      copy(folders.context, options(), 'rootfs', '/', { target: base().tree(folders.cache) }),
    );
    expect(error).to.include({ code: 'COPY_TARGET_CONFLICT' });
  });

  it('copies from it with owners, modes and hard links, whiteouts honoured', async () => {
    const image = base();
    const from = { kind: 'stage', name: 'base', tree: image.tree(folders.cache) } as const;
    expect(
      await listed(await copy(folders.context, options(), ['/bin', 'opaque', 'gone', 'data'], '/x/', { from })),
    ).to.deep.equal([
      'drwxr-xr-x 0/0 x/',
      '-rwxr-xr-x 0/0 2 x/bash',
      '-rw-r--r-- 0/0 5000 x/big',
      '-rw-r--r-- 0/0 3 x/new',
      'hrwxr-xr-x 0/0 x/sh link to x/bash',
    ]);
    const layer = await copy(folders.context, options(), '/data/big', '/big', { from });
    expect(await extracted(layer, 'big')).to.equal('b'.repeat(5000));
    expect(await listed(await copy(folders.context, options(), '/', '/', { from }))).to.include('drwxrwxrwt 0/0 tmp/');
    expect((await failure(copy(folders.context, options(), '/nothing', '/', { from }))).message).to.include("'base'");
  });

  it('makes files of their own of two names of one file that are named one by one', async () => {
    const from = { kind: 'stage', name: 'base', tree: base().tree(folders.cache) } as const;
    expect(
      await listed(await copy(folders.context, options(), ['/bin/bash', '/bin/sh'], '/x/', { from })),
    ).to.deep.equal(['drwxr-xr-x 0/0 x/', '-rwxr-xr-x 0/0 2 x/bash', '-rwxr-xr-x 0/0 2 x/sh']);
  });

  it('makes the destination on a base where nothing comes to lie in it', async () => {
    makeFiles(folders.context, { empty: null });
    const layer = await copy(folders.context, options(), 'empty', '/new', { target: base().tree(folders.cache) });
    expect(await listed(layer)).to.deep.equal(['drwxr-xr-x 0/0 new/']);
  });

  it('copies from a stage what that stage copied', async () => {
    makeFiles(folders.context, { a: 'content' });
    const first = await copy(folders.context, options(), 'a', '/d/b', { chown: '3:4' });
    const from = { kind: 'stage', name: 'one', tree: FileTree.empty.with(first.entries) } as const;
    const layer = await copy(folders.context, options(), '/d', '/e', { from });
    expect(await listed(layer)).to.deep.equal(['drwxr-xr-x 0/0 e/', '-rw-r--r-- 3/4 7 e/b']);
    expect(await extracted(layer, 'e/b')).to.equal('content');
  });
});
