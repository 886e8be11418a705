import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSlipway, SlipwayError } from '../../src/index.js';
import { takeLock } from '../../src/store/lock.js';
import { Store } from '../../src/store/store.js';
import { ended, kill, startChild } from '../support/child.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('The store', () => {
  const folder = temporaryFolder();
  const directory = (): string => join(folder(), 'config', 'slipway');
  const file = (): string => join(directory(), 'store.json');

  async function register(name: string, configuration: Record<string, unknown> = { uri: 'a.test' }): Promise<void> {
    const slipway = await createSlipway({ configDirectory: directory() });
    await slipway.components.register({ type: 'container_registry', flavor: 'default', name, configuration });
  }

  async function names(): Promise<string[]> {
    const slipway = await createSlipway({ configDirectory: directory() });
    return (await slipway.components.list('container_registry')).map(({ name }) => name);
  }

  it('is for its owner alone: the file, and the folder where it makes it', async () => {
    await register('reg', { uri: 'a.test', username: 'me', password: 's3cret' });
    expect((await stat(file())).mode & 0o777).to.equal(0o600);
    expect((await stat(directory())).mode & 0o777).to.equal(0o700);
    expect(await readdir(directory())).to.deep.equal(['store.json']);
  });

  it('becomes so again at the next change where it was not', async () => {
    await register('one');
    await chmod(file(), 0o644);
    await register('two');
    expect((await stat(file())).mode & 0o777).to.equal(0o600);
  });

  it('has a version, and is text that people can read and compare', async () => {
    await register('reg');
    const text = await readFile(file(), 'utf8');
    expect(JSON.parse(text)).to.include({ version: 2, active_stack: 'default' });
    expect(text.split('\n').length).to.be.greaterThan(10);
    expect(text.endsWith('}\n')).to.equal(true);
  });

  it('keeps what it was where a change throws', async () => {
    await register('reg');
    const before = await readFile(file());
    const change = new Store(directory()).update((document) => {
      document.components.length = 0;
      throw new Error('thought better of it');
    });
    expect(((await change.catch((error: unknown) => error)) as Error).message).to.equal('thought better of it');
    expect((await readFile(file())).equals(before)).to.equal(true);
    expect(await readdir(directory())).to.deep.equal(['store.json']);
  });

  describe('refuses a document, with its path, and never overwrites it:', () => {
    const at = '2026-01-01T00:00:00.000Z';
    const stamps = { created_at: at, updated_at: at };
    const component = {
      type: 'artifact_store',
      flavor: 'local',
      name: 'default',
      configuration: {},
      labels: {},
      ...stamps,
    };
    const stack = { name: 'default', components: { artifact_store: 'default' }, labels: {}, ...stamps };
    const sound = { version: 2, active_stack: 'default', components: [component], stacks: [stack] };

    const documents: readonly [string, string, string, string][] = [
      ['one that is empty', '', 'STORE_BROKEN', 'not valid JSON'],
      ['one that is cut off', JSON.stringify(sound).slice(0, -5), 'STORE_BROKEN', 'not valid JSON'],
      ['one of a newer version', JSON.stringify({ version: 3, all: 'new' }), 'STORE_TOO_NEW', 'version 3'],
      ['one without a version', JSON.stringify({ ...sound, version: undefined }), 'STORE_BROKEN', 'version'],
      ['a list', '[]', 'STORE_BROKEN', 'object'],
      ['null', 'null', 'STORE_BROKEN', 'object'],
      ['one with an unknown field', JSON.stringify({ ...sound, extra: 1 }), 'STORE_BROKEN', 'extra'],
      [
        'a component with an unknown field',
        JSON.stringify({ ...sound, components: [{ ...component, extra: 1 }] }),
        'STORE_BROKEN',
        'extra',
      ],
      [
        'a component of an unknown type',
        JSON.stringify({ ...sound, components: [{ ...component, type: 'orchestrator' }] }),
        'STORE_BROKEN',
        'components[0].type',
      ],
      [
        'a stack with a component that is not there',
        JSON.stringify({ ...sound, components: [] }),
        'STORE_BROKEN',
        "stack 'default' names the artifact_store 'default', which is not there",
      ],
      [
        'an active stack that is not there',
        JSON.stringify({ ...sound, active_stack: 'prod' }),
        'STORE_BROKEN',
        "the active stack 'prod' is not there",
      ],
    ];
    for (const [title, text, code, reason] of documents) {
      it(title, async () => {
        await mkdir(directory(), { recursive: true });
        await writeFile(file(), text);
        for (const call of [() => names(), () => register('reg')]) {
          const error = await failure(code, call);
          expect(error.message).to.contain(file());
          expect(error.reason).to.contain(reason).and.to.contain('Nothing was changed.');
          expect(error.exitCode).to.equal(1);
        }
        expect(await readFile(file(), 'utf8')).to.equal(text);
        expect(await readdir(directory())).to.deep.equal(['store.json']);
      });
    }

    it('and takes the sound one', async () => {
      await mkdir(directory(), { recursive: true });
      await writeFile(file(), JSON.stringify(sound));
      await register('reg');
      expect(await names()).to.deep.equal(['reg']);
    });

    it('and quotes nothing of it, which may be a password', async () => {
      await mkdir(directory(), { recursive: true });
      await writeFile(file(), 's3cret');
      const error = await failure('STORE_BROKEN', () => names());
      expect(error.fix).to.contain(`mv '${file()}'`);
      for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
        expect(`${cause.message} ${JSON.stringify(cause)}`).not.to.contain('s3cret');
      }
    });
  });

  it('says where it cannot be read or written', async () => {
    await mkdir(file(), { recursive: true });
    expect((await failure('STORE_UNREADABLE', () => names())).message).to.contain(file());
    await writeFile(join(folder(), 'not-a-folder'), '');
    const slipway = await createSlipway({ configDirectory: join(folder(), 'not-a-folder', 'config') });
    const error = await slipway.stacks.activate('default').catch((reason: unknown) => reason);
    expect(SlipwayError.is(error) && error.code).to.equal('STORE_UNWRITABLE');
    expect(SlipwayError.is(error) && error.fix).to.contain('SLIPWAY_CONFIG_DIR');
  });

  it('says so at once where the system lets nobody make a folder', async function () {
    if (process.platform !== 'linux') this.skip();
    const slipway = await createSlipway({ configDirectory: '/proc/nowhere/slipway' });
    const error = await slipway.stacks.activate('default').catch((reason: unknown) => reason);
    expect(SlipwayError.is(error) && error.code).to.equal('STORE_UNWRITABLE');
  });

  it('refuses what a change made where another process took the lock over meanwhile', async () => {
    await register('reg');
    const error = await failure('STORE_LOCKED', () =>
      new Store(directory()).update(async (document) => {
        document.components = document.components.filter(({ type }) => type !== 'container_registry');
        await (await takeLock(file(), { patience: 0 })).release();
      }),
    );
    expect(error.message).to.contain(file());
    expect(await names()).to.deep.equal(['reg']);
  });

  it('loses none of 25 components that each of 8 processes registers', async function () {
    this.timeout(120_000);
    const children = Array.from({ length: 8 }, (_, index) =>
      startChild('register-child', directory(), `p${index}-`, '25'),
    );
    await Promise.all(children.map(ended));
    expect(new Set(await names()).size).to.equal(200);
    expect(await readdir(directory())).to.deep.equal(['store.json', 'store.json.previous']);
  });

  it('is never seen half written', async function () {
    this.timeout(60_000);
    const children = ['a', 'b'].map((prefix) => startChild('register-child', directory(), prefix, '20'));
    let running = true;
    const all = Promise.all(children.map(ended)).finally(() => (running = false));
    let reads = 0;
    while (running) {
      expect(await names()).to.satisfy(Array.isArray);
      reads += 1;
    }
    await all;
    expect(await names()).to.have.length(40);
    expect(reads).to.be.greaterThan(1);
  });

  it('is not blocked by a process that was killed while it held the lock', async function () {
    this.timeout(8_000);
    await register('one');
    const child = startChild('hold-child', file());
    await once(child, 'message');
    await kill(child);
    await register('two');
    expect(await names()).to.deep.equal(['one', 'two']);
    expect(await readdir(directory())).to.deep.equal(['store.json', 'store.json.previous']);
  });
});
