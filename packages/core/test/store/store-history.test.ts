import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSlipway, type Slipway } from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('What the store was before', () => {
  const folder = temporaryFolder();
  const file = (name = 'store.json'): string => join(folder(), name);
  const read = (name?: string): Promise<string> => readFile(file(name), 'utf8');
  let slipway: Slipway;
  beforeEach(async () => {
    slipway = await createSlipway({ configDirectory: folder() });
  });

  const register = (name: string, uri = 'a.test') =>
    slipway.components.register({ type: 'container_registry', flavor: 'default', name, configuration: { uri } });

  it('is kept beside it at every change, for its owner alone', async () => {
    await register('one');
    expect(await readdir(folder())).to.deep.equal(['store.json']);
    for (const name of ['two', 'three']) {
      const before = await read();
      await register(name);
      expect(await read('store.json.previous')).to.equal(before);
    }
    expect((await stat(file('store.json.previous'))).mode & 0o777).to.equal(0o600);
    expect(await readdir(folder())).to.deep.equal(['store.json', 'store.json.previous']);
  });

  it('is left where a change fails', async () => {
    await register('one');
    await register('two');
    const before = await read('store.json.previous');
    await failure('NAME_TAKEN', () => register('two'));
    expect(await read('store.json.previous')).to.equal(before);
  });

  it('is kept beside the file that a link leads to', async () => {
    await mkdir(file('dotfiles'));
    await register('one');
    await writeFile(file('dotfiles/store.json'), await read(), { mode: 0o600 });
    const elsewhere = join(folder(), 'linked');
    await mkdir(elsewhere);
    await symlink(file('dotfiles/store.json'), join(elsewhere, 'store.json'));
    slipway = await createSlipway({ configDirectory: elsewhere });
    await register('two');
    expect(await readdir(elsewhere)).to.deep.equal(['store.json']);
    expect(await readdir(file('dotfiles'))).to.deep.equal(['store.json', 'store.json.previous']);
  });

  describe('of version 1', () => {
    const at = '2026-01-01T00:00:00.000Z';
    const stamps = { created_at: at, updated_at: at };
    const document = {
      version: 1,
      active_stack: 'prod',
      components: [
        { type: 'artifact_store', flavor: 'local', name: 'default', configuration: {}, ...stamps },
        { type: 'container_registry', flavor: 'default', name: 'reg', configuration: { uri: 'a.test' }, ...stamps },
      ],
      stacks: [
        { name: 'default', components: { artifact_store: 'default' }, ...stamps },
        { name: 'prod', components: { artifact_store: 'default', container_registry: 'reg' }, ...stamps },
      ],
    };
    const text = JSON.stringify(document, null, 2);
    beforeEach(() => writeFile(file(), text, { mode: 0o600 }));

    it('is read as what it means today, and not touched by that', async () => {
      expect(await slipway.stacks.activeName()).to.equal('prod');
      expect(await slipway.components.get('container_registry', 'reg')).to.deep.equal({
        ...document.components[1],
        labels: {},
      });
      expect(await read()).to.equal(text);
    });

    it('becomes version 2 with the first change, and the original stays for good', async () => {
      await register('two');
      await register('three');
      const now = JSON.parse(await read()) as { version: number; stacks: { labels: object }[] };
      expect(now.version).to.equal(2);
      expect(now.stacks.map(({ labels }) => labels)).to.deep.equal([{}, {}]);
      expect(await read('store.json.version-1')).to.equal(text);
      expect(await readdir(folder())).to.deep.equal(['store.json', 'store.json.previous', 'store.json.version-1']);
    });

    for (const [title, broken] of [
      ['no components', { ...document, components: undefined }],
      ['a list of nothing', { ...document, components: [null] }],
      ['a stack of what is not there', { ...document, components: [] }],
    ] as const) {
      it(`is refused where it has ${title}, and stays`, async () => {
        await writeFile(file(), JSON.stringify(broken));
        await failure('STORE_BROKEN', () => register('two'));
        expect(await read()).to.equal(JSON.stringify(broken));
      });
    }
  });
});
