import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { FileTree } from '../../src/files/index.js';
import { archiveOf, copy, extracted, failure, ImageInMemory, listed, makeFiles, useFolders } from './support.js';

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

  it('names the line, the source and the nearest name where nothing is found', async () => {
    makeFiles(folders.context, { 'src/main.py': '' });
    const error = await failure(copy(folders.context, options(), 'src/mian.py', '/'));
    expect(error).to.include({ code: 'COPY_SOURCE_NOT_FOUND', exitCode: 2, fix: "Did you mean 'src/main.py'?" });
    expect(error.message).to.equal("Dockerfile line 7: COPY does not find 'src/mian.py' in the build context.");
    expect((await failure(copy(folders.context, options(), 'yarn.lock*', '/'))).code).to.equal('COPY_SOURCE_NOT_FOUND');
  });

  it('says that .dockerignore leaves a source out', async () => {
    makeFiles(folders.context, { 'secret.txt': '', '.dockerignore': 'secret.txt\n' });
    const error = await failure(copy(folders.context, options(), 'secret.txt', '/'));
    expect(error.reason).to.include('.dockerignore');
    expect(error.fix).to.include('!secret.txt');
  });

  it('says where a symlink leads that is taken for a source, and that nothing is there', async () => {
    makeFiles(folders.context, {
      current: { link: 'releases/2' },
      outside: { link: '/etc/passwd' },
      config: { link: 'secret.txt' },
      'secret.txt': '',
      '.dockerignore': 'secret.txt\n',
      a: { link: 'b' },
      b: { link: 'a' },
    });
    const explained = async (source: string): Promise<[reason: string, fix: string]> => {
      const { code, reason = '', fix = '' } = await failure(copy(folders.context, options(), source, '/'));
      expect(code).to.equal('COPY_SOURCE_NOT_FOUND');
      return [reason, fix];
    };
    const mend = 'Put there what it leads to, or name the file itself.';
    const current = "'current' is a symlink to 'releases/2', and the build context has no 'releases/2'.";
    expect(await explained('current')).to.deep.equal([current, mend]);
    expect(await explained('current/main.py')).to.deep.equal([current, mend]);
    expect(await explained('outside')).to.deep.equal([
      "'outside' is a symlink to '/etc/passwd', and the build context has no 'etc/passwd'.",
      mend,
    ]);
    expect(await explained('config')).to.deep.equal([
      "'config' is a symlink to 'secret.txt', and the build context has no 'secret.txt'.",
      "Add a line '!secret.txt' at the end of .dockerignore.",
    ]);
    expect((await explained('a'))[0]).to.match(/^'[ab]' is one of a circle of symlinks\.$/);
  });

  it('says how a name with a bracket is written, where it was taken for a pattern', async () => {
    makeFiles(folders.context, { 'data[1].csv': 'here' });
    const error = await failure(copy(folders.context, options(), 'data[1].csv', '/'));
    expect(error).to.include({ code: 'COPY_SOURCE_NOT_FOUND', fix: "Write 'data[[]1].csv'." });
    expect(await extracted(await copy(folders.context, options(), 'data[[]1].csv', '/'), 'data[1].csv')).to.equal(
      'here',
    );
  });

  it('says of a pipe that it is none that could be copied', async () => {
    execFileSync('mkfifo', [join(folders.context, 'pipe')]);
    const error = await failure(copy(folders.context, options(), 'pipe', '/'));
    expect(error).to.include({ reason: 'It is a socket, a pipe or a device.', fix: 'Name a file or a folder.' });
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

  describe('ADD of an archive', () => {
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

  describe('onto a base image', () => {
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
      expect(await listed(await copy(folders.context, options(), '/', '/', { from }))).to.include(
        'drwxrwxrwt 0/0 tmp/',
      );
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
