import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readlinkSync, rmSync, truncateSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { asOrdinaryUser } from '../support/as-ordinary-user.js';
import fc from 'fast-check';
import { extract, type Header } from 'tar-stream';
import type { ContextEntry } from '../../src/context/build-context.js';
import { openBuildContext } from '../../src/context/open-build-context.js';
import { encodeTarHeader } from '../../src/context/tar-header.js';
import { writeTar } from '../../src/context/write-tar.js';
import { SlipwayError } from '../../src/errors/slipway-error.js';
import { collect } from './collect.js';
import { emptyDirectory, makeTree, useTemporaryDirectory, type Node } from './temporary-directory.js';

const long = 'n'.repeat(150);

/** One of everything that is hard to pack. */
const hardTree: Record<string, Node> = {
  Dockerfile: 'FROM scratch',
  empty: '',
  'empty-directory': emptyDirectory,
  'with space/and\nnewline': 'x',
  'ünï/😀': 'é',
  [`${long}/${long}/file`]: 'deep',
  [`${'d'.repeat(90)}/${'f'.repeat(90)}`]: 'fits the prefix',
  [`${'a'.repeat(99)}/b`]: 'a directory of exactly 100 bytes with its slash',
  [`${'a'.repeat(100)}/b`]: 'and one more',
  run: { executable: '#!/bin/sh\n' },
  dangling: { link: 'nowhere' },
  'to-directory': { link: 'empty-directory' },
  'far-link': { link: `${long}/${long}` },
  'ünï/link': { link: '../ünï' },
  'a block': Buffer.alloc(512, 1),
  'a block and a byte': Buffer.alloc(513, 2),
  'a chunk': Buffer.alloc(256 * 1024, 3),
  'more than a chunk': Buffer.alloc(700_001, 4),
};

describe('BuildContext.tar', () => {
  const directory = useTemporaryDirectory();

  async function pack(path = directory.path): Promise<Buffer> {
    return collect((await openBuildContext(path)).tar());
  }

  async function failureOf(archive: AsyncIterable<Buffer>): Promise<SlipwayError> {
    const error: unknown = await collect(archive).catch((reason: unknown) => reason);
    if (!SlipwayError.is(error)) throw new Error(`Expected a SlipwayError, got ${String(error)}`);
    return error;
  }

  it('comes back from tar-stream as it was', async () => {
    await makeTree(directory.path, hardTree);
    const unpacked = await unpack(await pack());
    for (const [path, node] of Object.entries(hardTree)) {
      if (node === emptyDirectory) continue;
      const { header, content } = unpacked.get(path) ?? expect.fail(`${path} is missing`);
      if (typeof node === 'string' || Buffer.isBuffer(node)) expect(content.equals(Buffer.from(node))).to.equal(true);
      else if ('link' in node) expect(header).to.include({ type: 'symlink', linkname: node.link });
      else expect(header).to.include({ type: 'file', mode: 0o755 });
    }
    expect(unpacked.get('empty-directory/')?.header).to.include({ type: 'directory', mode: 0o755 });
    expect(unpacked.get(`${long}/${long}/`)?.header.type).to.equal('directory');
    for (const { header } of unpacked.values()) {
      expect(header).to.include({ uid: 0, gid: 0, uname: '', gname: '' });
      expect(header.mtime?.getTime()).to.equal(Date.UTC(2000, 0, 1));
    }
  });

  it('comes back from GNU tar as it was', async () => {
    const [source, target] = [join(directory.path, 'source'), join(directory.path, 'target')];
    await makeTree(source, hardTree);
    await mkdir(target);
    const said = execFileSync('tar', ['xf', '-', '-C', target], {
      input: await pack(source),
      stdio: ['pipe', 'pipe', 2],
    });
    expect(said.toString()).to.equal('');
    execFileSync('diff', ['-r', '--no-dereference', source, target]);
    expect(await pack(target)).to.deep.equal(await pack(source));
  });

  it('packs any tree of files', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .map((text) => `n${text.replace(/[/\0]/g, '_')}`);
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.integer({ min: 0, max: 600_000 }).map((size) => new Uint8Array(size)),
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, content, { maxKeys: 8 }), async (files) => {
        const root = join(directory.path, String(run++));
        const tree = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes)]));
        await makeTree(root, { ...tree, Dockerfile: '' });
        const unpacked = await unpack(await pack(root));
        expect([...unpacked.keys()].sort()).to.deep.equal([...Object.keys(tree), 'Dockerfile'].sort());
        for (const [path, bytes] of Object.entries(tree))
          expect(unpacked.get(path)?.content.equals(bytes)).to.equal(true);
        await rm(root, { recursive: true });
      }),
      { numRuns: 40 },
    );
  });

  it('is the same whatever the times, permissions and order on disk', async () => {
    const [one, other] = [join(directory.path, 'one'), join(directory.path, 'other')];
    await makeTree(one, { ...hardTree, plain: 'x' });
    await makeTree(other, Object.fromEntries(Object.entries({ ...hardTree, plain: 'x' }).reverse()));
    await utimes(join(other, 'plain'), 1, 1);
    await chmod(join(other, 'plain'), 0o666);
    await chmod(join(other, 'empty-directory'), 0o700);
    expect((await pack(one)).equals(await pack(other))).to.equal(true);
  });

  it('ends in whole records of 10240 bytes with at least 1536 zeros, whatever comes before', async () => {
    const sizes = [0, 1, 512, 7000, 7168, 7169, 7680, 7681, 8192, 8704, 9216, 260_000];
    for (const size of sizes) {
      await makeTree(directory.path, { Dockerfile: Buffer.alloc(size, 1) });
      const archive = await pack();
      expect(archive.length % 10_240).to.equal(0);
      expect(archive.subarray(-1536).every((byte) => byte === 0)).to.equal(true);
      expect(archive.length).to.be.below(512 + size + 512 + 1536 + 10_240);
    }
  });

  it('comes in chunks of 256 KiB, however many files share one', async () => {
    const files = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, 'x'.repeat(index)]));
    await makeTree(directory.path, { ...files, Dockerfile: '', large: Buffer.alloc(1_000_000) });
    const sizes: number[] = [];
    for await (const chunk of (await openBuildContext(directory.path)).tar()) sizes.push(chunk.length);
    expect(new Set(sizes.slice(0, -1))).to.deep.equal(new Set([256 * 1024]));
  });

  it('tells how many bytes of content it packed', async () => {
    await makeTree(directory.path, hardTree);
    const context = await openBuildContext(directory.path);
    const told: number[] = [];
    await collect(context.tar({ onBytes: (bytes) => told.push(bytes) }));
    expect(told.at(-1)).to.equal(context.totalBytes);
    expect(told).to.deep.equal([...new Set(told)].sort((a, b) => a - b));
  });

  it('has room for files of more than 8 GiB', async () => {
    const size = 8 * 2 ** 30 + 5;
    const header = encodeTarHeader({ path: 'huge', kind: 'file', size, executable: false });
    const read = await new Promise<Header>((resolve) => {
      const stream = extract();
      stream.on('entry', resolve);
      stream.write(header);
    });
    expect(read).to.include({ name: 'huge', size });
  });

  it('gives a name that is not ASCII in a pax header, be it of an entry or of a link', () => {
    const link = { kind: 'symlink', size: 0, executable: false } as const;
    expect(encodeTarHeader({ ...link, path: 'a', target: 'b' })).to.have.length(512);
    expect(encodeTarHeader({ ...link, path: 'ä', target: 'b' }).toString()).to.include('11 path=ä\n');
    expect(encodeTarHeader({ ...link, path: 'a', target: 'ä' }).toString()).to.include('15 linkpath=ä\n');
  });

  for (const [kind, size] of [
    ['small', 1000],
    ['large', 300_000],
  ] as const) {
    describe(`a ${kind} file that changes after the walk`, () => {
      const changes: [what: string, change: (path: string) => void | Promise<void>][] = [
        ['shrank', (path) => truncateSync(path, size - 1)],
        ['vanished', (path) => rmSync(path)],
        ['became a directory', (path) => unlink(path).then(() => mkdir(path))],
        ['became a symlink', (path) => unlink(path).then(() => symlink('twin', path))],
        ['became a pipe', (path) => void (rmSync(path), execFileSync('mkfifo', [path]))],
      ];
      for (const [what, change] of changes) {
        it(`and ${what} ends the archive with its name`, async () => {
          await makeTree(directory.path, { Dockerfile: '', file: Buffer.alloc(size), twin: Buffer.alloc(size) });
          const context = await openBuildContext(directory.path);
          await change(join(directory.path, 'file'));
          const error = await failureOf(context.tar());
          expect(error).to.include({ code: 'CONTEXT_FILE_CHANGED', exitCode: 1 });
          expect(error.message).to.include("'file'");
        });
      }

      it('and grew is cut at the size it had', async () => {
        await makeTree(directory.path, { Dockerfile: '', file: Buffer.alloc(size, 1), next: 'next' });
        const context = await openBuildContext(directory.path);
        appendFileSync(join(directory.path, 'file'), 'more');
        const unpacked = await unpack(await collect(context.tar()));
        expect(unpacked.get('file')?.content.equals(Buffer.alloc(size, 1))).to.equal(true);
        expect(unpacked.get('next')?.content.toString()).to.equal('next');
      });
    });
  }

  it('names the file that cannot be read', async function () {
    if (process.platform !== 'linux') this.skip();
    // This file may be opened, but nothing is mapped at its beginning.
    for (const size of [10, 100_000]) {
      const entry: ContextEntry = { path: 'mem', kind: 'file', size, executable: false };
      const error = await failureOf(writeTar('/proc/self', [entry]));
      expect(error).to.include({ code: 'CONTEXT_FILE_UNREADABLE', exitCode: 1 });
      expect(error.message).to.include("'mem'");
    }
  });

  it('names the file that may not be opened', async () => {
    await makeTree(directory.path, { Dockerfile: '', secret: 'x' });
    await chmod(join(directory.path, 'secret'), 0);
    const error = await asOrdinaryUser(directory.path, async () =>
      failureOf((await openBuildContext(directory.path)).tar()),
    );
    expect(error.code).to.equal('CONTEXT_FILE_UNREADABLE');
  });

  it('closes its files where the reader goes away in the middle', async function () {
    if (process.platform !== 'linux') this.skip();
    await makeTree(directory.path, { Dockerfile: '', large: Buffer.alloc(2_000_000), small: 'x' });
    for await (const chunk of (await openBuildContext(directory.path)).tar()) {
      expect(chunk).to.have.length(256 * 1024);
      expect(openFiles()).to.equal(1);
      break;
    }
    expect(openFiles()).to.equal(0);

    function openFiles(): number {
      return readdirSync('/proc/self/fd')
        .map(targetOf)
        .filter((target) => target.startsWith(directory.path)).length;
    }

    // Files of other tests, and the folder that is being read, may be closed before we come to them.
    function targetOf(descriptor: string): string {
      try {
        return readlinkSync(`/proc/self/fd/${descriptor}`);
      } catch {
        return '';
      }
    }
  });

  it('ends with the reason of its signal', async () => {
    await makeTree(directory.path, { Dockerfile: '', large: Buffer.alloc(2_000_000) });
    const controller = new AbortController();
    const archive = (await openBuildContext(directory.path)).tar({ signal: controller.signal });
    await archive.next();
    controller.abort(new Error('enough'));
    expect(await archive.next().catch((reason: unknown) => reason)).to.have.property('message', 'enough');
    expect((await archive.next()).done).to.equal(true);
  });

  it('reads a hard link as the file that it is', async () => {
    await makeTree(directory.path, { Dockerfile: '', one: 'same' });
    execFileSync('ln', [join(directory.path, 'one'), join(directory.path, 'two')]);
    expect(readdirSync(directory.path)).to.have.length(3);
    expect((await unpack(await pack())).get('two')?.content.toString()).to.equal('same');
  });

  it('takes a link whose target is written for another file system as it stands', async () => {
    await makeTree(directory.path, { Dockerfile: '', link: { link: '/etc/../absolute' } });
    await writeFile(join(directory.path, 'other'), '');
    expect((await unpack(await pack())).get('link')?.header.linkname).to.equal('/etc/../absolute');
  });
});

async function unpack(archive: Buffer): Promise<Map<string, { header: Header; content: Buffer }>> {
  const unpacked = new Map<string, { header: Header; content: Buffer }>();
  for await (const entry of Readable.from([archive]).pipe(extract())) {
    unpacked.set(entry.header.name, { header: entry.header, content: await collect(entry as AsyncIterable<Buffer>) });
  }
  return unpacked;
}
