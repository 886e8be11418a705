import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';
import { expect } from 'chai';
import { createSlipway, type DoctorCheck, type Slipway } from '../../src/index.js';
import { kill, startChild } from '../support/child.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testPlugin } from '../support/test-plugin.js';

describe('The doctor of the store', () => {
  const folder = temporaryFolder();
  const directory = (): string => join(folder(), 'config');
  const file = (name = 'store.json'): string => join(directory(), name);
  let slipway: Slipway;
  beforeEach(async () => {
    slipway = await createSlipway({ configDirectory: directory(), plugins: [testPlugin().plugin] });
  });

  const register = (name: string, token?: string) =>
    slipway.components.register({
      type: 'image_builder',
      flavor: 'strict',
      name,
      configuration: { cluster: 'dev', ...(token === undefined ? {} : { token }) },
    });
  const problems = async (): Promise<DoctorCheck[]> =>
    (await slipway.checkStore()).filter(({ outcome }) => outcome !== 'ok');

  it('finds nothing wrong where nothing is, and writes nothing', async () => {
    expect(await problems()).to.deep.equal([]);
    expect(await readdir(folder())).to.deep.equal([]);
    await register('kb');
    await slipway.secrets.create('ci', { token: 's3cret' });
    expect(await problems()).to.deep.equal([]);
    const [store, secrets] = await slipway.checkStore();
    expect(store?.message).to.contain('2 components and 1 stack.').and.to.contain(file());
    expect(secrets?.message).to.contain('1 secret.').and.to.contain(file('secrets.json'));
    expect((await slipway.repairStore()).repaired).to.deep.equal([]);
  });

  it('goes back to what was before the last change where the store is broken, and keeps the broken one', async () => {
    await register('one');
    await register('two');
    await writeFile(file(), '{"version": 2, "s3cret');
    const [problem] = await problems();
    expect(problem).to.include({ id: 'store', outcome: 'failure', code: 'STORE_BROKEN' });
    expect(problem?.reason).to.contain('2 components');
    expect(problem?.fix).to.equal('slipway doctor store --repair');
    const { repaired, checks } = await slipway.repairStore();
    expect(repaired).to.have.length(1);
    expect(checks.every(({ outcome }) => outcome === 'ok')).to.equal(true);
    expect((await slipway.components.list('image_builder')).map(({ name }) => name)).to.deep.equal(['one']);
    const broken = (await readdir(directory())).find((name) => name.includes('broken')) ?? '';
    expect(await readFile(file(broken), 'utf8')).to.equal('{"version": 2, "s3cret');
    expect(JSON.stringify([problem, repaired])).not.to.contain('s3cret');
    await register('two');
  });

  it('repairs secrets in the same way', async () => {
    await slipway.secrets.create('one', { a: '1' });
    await slipway.secrets.create('two', { a: '1' });
    await writeFile(file('secrets.json'), '');
    expect((await problems()).map(({ id }) => id)).to.deep.equal(['secrets']);
    await slipway.repairStore();
    expect((await slipway.secrets.list()).map(({ name }) => name)).to.deep.equal(['one']);
  });

  it('changes nothing where there is nothing to go back to, and says what to do', async () => {
    await register('one');
    await writeFile(file(), '[]');
    const { repaired, checks } = await slipway.repairStore();
    expect(repaired).to.deep.equal([]);
    expect(checks[0]?.fix).to.contain(`mv '${file()}'`);
    expect(await readFile(file(), 'utf8')).to.equal('[]');
    await register('two').catch(() => {});
    await writeFile(file('store.json.previous'), 'broken as well', { mode: 0o600 });
    expect((await slipway.repairStore()).repaired).to.deep.equal([]);
  });

  it('does not repair what a newer Slipway wrote', async () => {
    await register('one');
    await register('two');
    await writeFile(file(), '{"version": 9}');
    const { repaired, checks } = await slipway.repairStore();
    expect(repaired).to.deep.equal([]);
    expect(checks[0]).to.include({ outcome: 'failure', code: 'STORE_TOO_NEW' });
  });

  it('takes the files from others who could read them', async function () {
    if (process.platform === 'win32') this.skip();
    await register('one');
    await register('two');
    await slipway.secrets.create('ci', { token: 's3cret' });
    for (const name of ['store.json', 'store.json.previous', 'secrets.json']) await chmod(file(name), 0o644);
    await chmod(directory(), 0o777);
    expect((await problems()).map(({ id }) => id)).to.deep.equal(Array(4).fill('store-permissions'));
    const { checks } = await slipway.repairStore();
    expect(checks.every(({ outcome }) => outcome === 'ok')).to.equal(true);
    expect((await stat(file('secrets.json'))).mode & 0o777).to.equal(0o600);
    expect((await stat(directory())).mode & 0o022).to.equal(0);
  });

  it('finds what a killed process left, and removes it', async () => {
    await register('one');
    const child = startChild('hold-child', file());
    await once(child, 'message');
    expect(await problems()).to.deep.equal([]);
    await kill(child);
    expect((await problems()).map(({ id }) => id)).to.deep.equal(['store-leftovers']);
    expect((await slipway.repairStore()).repaired).to.have.length(1);
    expect(await readdir(directory())).to.deep.equal(['store.json']);
  });

  it('finds references that lead nowhere, and components whose plugin is gone', async () => {
    await register('kb', '{{gone.token}}');
    expect(await problems()).to.deep.include({
      id: 'secret-references',
      outcome: 'warning',
      code: 'UNKNOWN_SECRET',
      message: "There is no secret 'gone', to which 'token' of the image builder 'kb' refers.",
      reason: undefined,
      fix: 'slipway secret create gone --token',
    });
    slipway = await createSlipway({ configDirectory: directory() });
    expect((await problems()).map(({ id }) => id)).to.deep.equal(['store-flavors', 'secret-references']);
  });

  it('says where a file cannot be read', async () => {
    await mkdir(file(), { recursive: true });
    expect((await problems())[0]).to.include({ id: 'store', outcome: 'failure', code: 'STORE_UNREADABLE' });
  });
});
