import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { ArtifactStore } from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testStack } from '../support/test-stack.js';

// eslint-disable-next-line @typescript-eslint/require-await -- a stream of what is there already
async function* streamOf(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe('The local artifact store', () => {
  const folder = temporaryFolder();
  const root = (): string => join(folder(), 'files');

  async function store(path: string | undefined = root()): Promise<ArtifactStore> {
    const configuration = path === '' ? {} : { path };
    const { stack } = await testStack(join(folder(), 'config'), { artifact_store: { flavor: 'local', configuration } });
    return stack.get('artifact_store') as ArtifactStore;
  }

  async function files(): Promise<string[]> {
    const entries = await readdir(root(), { recursive: true, withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  }

  it('is on this machine, in the folder given', async () => {
    const artifacts = await store();
    expect(artifacts.isLocal).to.equal(true);
    expect(artifacts.uri).to.equal(pathToFileURL(root()).href);
  });

  it('is in the home folder where its path begins with ~/, which shells do not replace within an option', async () => {
    expect((await store('~/artifacts')).uri).to.equal(pathToFileURL(join(homedir(), 'artifacts')).href);
  });

  it('is in the configuration folder unless one is given', async () => {
    expect((await store('')).uri).to.equal(pathToFileURL(join(folder(), 'config', 'artifacts')).href);
  });

  it('is well, for doctor, where its folder is there or can be made', async () => {
    const artifacts = await store();
    const outcomes = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const { outcome } of artifacts.doctor?.() ?? []) found.push(outcome);
      return found;
    };
    expect(await outcomes()).to.deep.equal(['ok']);
    expect(await readdir(folder())).not.to.include('files');
    await writeFile(root(), 'no folder');
    expect(await outcomes()).to.deep.equal(['failure']);
  });

  it('refuses an address in place of a folder', async () => {
    const error = await failure('INVALID_ATTRIBUTE', () => store('s3://bucket'));
    expect(error.message).to.contain("'path'");
  });

  it('writes an object for its owner alone, and says where it is', async () => {
    const address = await (await store()).put('contexts/one.tar', streamOf('a', 'b'));
    expect(address).to.equal(pathToFileURL(join(root(), 'contexts', 'one.tar')).href);
    expect(await readFile(new URL(address), 'utf8')).to.equal('ab');
    expect((await stat(new URL(address))).mode & 0o777).to.equal(0o600);
    expect((await stat(root())).mode & 0o777).to.equal(0o700);
  });

  it('replaces an object of the same key', async () => {
    const artifacts = await store();
    await artifacts.put('one', streamOf('long content'));
    const address = await artifacts.put('one', streamOf('new'));
    expect(await readFile(new URL(address), 'utf8')).to.equal('new');
  });

  it('deletes an object, and is content where there is none', async () => {
    const artifacts = await store();
    await artifacts.put('one', streamOf('a'));
    await artifacts.delete('one');
    await artifacts.delete('one');
    expect(await files()).to.deep.equal([]);
  });

  for (const key of ['../outside', 'a/../../outside', '/etc/outside', '', '.', 'a/..']) {
    it(`refuses the key '${key}', which is outside`, async () => {
      const artifacts = await store();
      await failure('INVALID_KEY', () => artifacts.put(key, streamOf('a')));
      await failure('INVALID_KEY', () => artifacts.delete(key));
    });
  }

  it('is not fooled by a neighbour whose name begins alike', async () => {
    await mkdir(`${root()}-private`, { recursive: true });
    await writeFile(join(`${root()}-private`, 'key'), 'kept');
    const artifacts = await store();
    await failure('INVALID_KEY', () => artifacts.delete('../files-private/key'));
    expect(await readFile(join(`${root()}-private`, 'key'), 'utf8')).to.equal('kept');
  });

  it('leaves nothing of a stream that fails, and keeps the object that was there', async () => {
    const artifacts = await store();
    const address = await artifacts.put('one', streamOf('before'));
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield* streamOf('half');
      throw new Error('the source broke');
    }
    const error = await artifacts.put('one', failing()).catch((reason: unknown) => reason);
    expect((error as Error).message).to.equal('the source broke');
    expect(await readFile(new URL(address), 'utf8')).to.equal('before');
    expect(await files()).to.deep.equal(['one']);
  });

  it('leaves nothing where it is aborted in the middle, or before', async () => {
    const artifacts = await store();
    const control = new AbortController();
    async function* aborting(): AsyncGenerator<Uint8Array> {
      yield* streamOf('half');
      control.abort();
      yield* streamOf('more');
    }
    for (const content of [aborting(), streamOf('never read')]) {
      const error = await artifacts.put('one', content, { signal: control.signal }).catch((reason: unknown) => reason);
      expect((error as Error).name).to.equal('AbortError');
      expect(await files()).to.deep.equal([]);
    }
  });
});
