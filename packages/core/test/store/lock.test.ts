import { once } from 'node:events';
import { mkdir, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { takeLock } from '../../src/store/lock.js';
import { kill, startChild } from '../support/child.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('The lock of a file', () => {
  const folder = temporaryFolder();
  let path: string;
  beforeEach(async () => {
    path = join(await realpath(folder()), 'file');
    await writeFile(path, '0');
  });
  const read = (): Promise<string> => readFile(path, 'utf8');
  const leftovers = async (): Promise<string[]> => (await readdir(folder())).filter((name) => name !== 'file');

  /** The name by which the current holder is known. */
  async function holder(): Promise<string> {
    return (await readdir(`${path}.lock`))[0] ?? '';
  }

  /** Leaves the lock as a holder of that name would. */
  async function leave(name: string): Promise<void> {
    await mkdir(`${path}.lock`, { recursive: true });
    await writeFile(join(`${path}.lock`, name), 'half a fi');
  }

  async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
    return promise.then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
  }

  it('lets its holder replace the file, for its owner alone, and leaves nothing', async () => {
    const hold = await takeLock(path);
    await hold.replace('new');
    await hold.release();
    expect(await read()).to.equal('new');
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(await leftovers()).to.deep.equal([]);
  });

  it('leaves the file as it was where it is released unused', async () => {
    await (await takeLock(path)).release();
    expect(await read()).to.equal('0');
    expect(await leftovers()).to.deep.equal([]);
  });

  it('has one holder at a time, within a process too', async () => {
    const add = async (): Promise<void> => {
      const hold = await takeLock(path);
      await hold.replace(String(Number(await read()) + 1));
      await hold.release();
    };
    await Promise.all(Array.from({ length: 20 }, add));
    expect(await read()).to.equal('20');
  });

  it('follows a link, and keeps it', async () => {
    const link = join(folder(), 'link');
    await symlink(path, link);
    const hold = await takeLock(link);
    await hold.replace('new');
    await hold.release();
    expect(await read()).to.equal('new');
    expect(await realpath(link)).to.equal(path);
  });

  it('passes at once from a process that was killed', async function () {
    this.timeout(8_000);
    const child = startChild('hold-child', path);
    await once(child, 'message');
    await kill(child);
    expect(await holder()).not.to.equal('');
    const hold = await takeLock(path);
    await hold.replace('new');
    await hold.release();
    expect(await leftovers()).to.deep.equal([]);
  });

  it('passes at once from a process whose id another has by now', async function () {
    if (process.platform !== 'linux') this.skip();
    this.timeout(8_000);
    const own = await takeLock(path);
    const [pid, start, ...rest] = (await holder()).split('.');
    await own.release();
    await leave([pid, `${start}0`, ...rest].join('.'));
    await (await takeLock(path)).release();
  });

  it('is taken, after patience, from a holder of which nothing is known', async () => {
    await leave('1.2.another-machine.3');
    const hold = await takeLock(path, { patience: 50 });
    await hold.replace('new');
    expect(await read()).to.equal('new');
  });

  it('cannot be used any more by one from whom it was taken, who does not disturb the next', async () => {
    const slow = await takeLock(path);
    const next = await takeLock(path, { patience: 50 });
    expect(await codeOf(slow.replace('slow'))).to.equal('ENOENT');
    await slow.release();
    expect(await holder()).not.to.equal('');
    await next.replace('next');
    await next.release();
    expect(await read()).to.equal('next');
  });

  it('cannot be used any more by one from whom it was taken and then released', async () => {
    const slow = await takeLock(path);
    await (await takeLock(path, { patience: 50 })).release();
    expect(await codeOf(slow.replace('slow'))).to.equal('ENOENT');
    expect(await read()).to.equal('0');
  });

  it('is cleared of what a process left that was killed on its way in', async () => {
    const child = startChild('hold-child', path);
    await once(child, 'message');
    const name = await holder();
    await kill(child);
    await rm(`${path}.lock`, { recursive: true });
    await mkdir(`${path}.lock.${name}`);
    await (await takeLock(path)).release();
    expect(await leftovers()).to.deep.equal([]);
  });

  it('is not to be had where its folder cannot be', async () => {
    await writeFile(`${path}.lock`, 'a file');
    expect(await codeOf(takeLock(path))).to.equal('ENOTDIR');
    expect(await codeOf(takeLock(join(folder(), 'missing', basename(path))))).to.equal('ENOENT');
  });

  it('loses and doubles nothing while processes are killed over and over', async function () {
    this.timeout(60_000);
    const kills = 15;
    const numbers: number[] = [];
    const start = () => startChild('count-child', path).on('message', (number) => numbers.push(number as number));
    const children = [start(), start(), start()];
    for (let index = 0; index < kills; index += 1) {
      const [victim] = children.splice(index % children.length, 1);
      if (victim === undefined) break;
      // Whatever the child is doing after some of its numbers: it is cut off there.
      for (let said = 0; said <= index % 4; said += 1) await once(victim, 'message');
      await kill(victim);
      children.push(start());
    }
    await Promise.all(children.map(kill));
    await (await takeLock(path)).release();
    expect(new Set(numbers).size, 'numbers written twice').to.equal(numbers.length);
    // Each kill may have come between writing a number and saying it.
    expect(Number(await read())).to.be.within(numbers.length, numbers.length + kills + children.length);
    expect(await leftovers()).to.deep.equal([]);
  });
});
