import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSlipway, type Slipway } from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('Secrets', () => {
  const folder = temporaryFolder();
  let slipway: Slipway;
  beforeEach(async () => {
    slipway = await createSlipway({ configDirectory: folder() });
  });

  const registry = (name: string, password: string) =>
    slipway.components.register({
      type: 'container_registry',
      flavor: 'default',
      name,
      configuration: { uri: 'registry.test', username: 'me', password },
    });

  it('are kept apart from configuration, for their owner alone', async () => {
    await slipway.secrets.create('reg', { password: 's3cret' });
    expect(await readdir(folder())).to.deep.equal(['secrets.json']);
    expect((await stat(join(folder(), 'secrets.json'))).mode & 0o777).to.equal(0o600);
    await registry('reg', '{{reg.password}}');
    expect(await readFile(join(folder(), 'store.json'), 'utf8')).not.to.contain('s3cret');
  });

  it('are listed by name, with their keys and who refers to them, and never with a value', async () => {
    await slipway.secrets.create('reg', { username: 'bob', password: 's3cret' });
    await slipway.secrets.create('other', { token: 't0ken' });
    await registry('reg', '{{ reg.password }}');
    const list = await slipway.secrets.list();
    expect(list.map(({ name, keys }) => [name, keys])).to.deep.equal([
      ['reg', ['password', 'username']],
      ['other', ['token']],
    ]);
    expect(list[0]?.used_by).to.deep.equal([{ type: 'container_registry', name: 'reg' }]);
    expect(await slipway.secrets.get('reg')).to.deep.equal(list[0]);
    expect(JSON.stringify([list, slipway.secrets])).not.to.match(/s3cret|t0ken|bob/);
  });

  it('tell which keys a change added, changed and removed', async () => {
    await slipway.secrets.create('reg', { a: '1', b: '2', c: '3' });
    const change = await slipway.secrets.update('reg', { set: { a: 'x', b: '2', d: '4' }, remove: ['c'] });
    expect(change).to.deep.include({ added: ['d'], changed: ['a'], removed: ['c'] });
    expect(change.secret.keys).to.deep.equal(['a', 'b', 'd']);
  });

  it('are not created twice, nor with a name or key that a reference cannot have, nor without keys', async () => {
    await slipway.secrets.create('reg', { a: '1' });
    await failure('NAME_TAKEN', () => slipway.secrets.create('reg', { a: 's3cret' }));
    for (const name of ['', 'a.b', 'a b', '-a', '{{a']) {
      await failure('INVALID_NAME', () => slipway.secrets.create(name, { a: '1' }));
    }
    for (const key of ['', 'a b', 'a}']) {
      await failure('INVALID_SECRET_KEY', () => slipway.secrets.create('new', { [key]: '1' }));
    }
    await failure('EMPTY_SECRET', () => slipway.secrets.create('new', {}));
    await failure('EMPTY_SECRET', () => slipway.secrets.update('reg', { remove: ['a'] }));
    await slipway.secrets.create('docker', { '.dockerconfigjson': '{}' });
  });

  it('are refused by an unknown name or key, with the nearest', async () => {
    await slipway.secrets.create('registry', { password: 's3cret' });
    expect((await failure('UNKNOWN_SECRET', () => slipway.secrets.get('registri'))).reason).to.contain("'registry'");
    await failure('UNKNOWN_SECRET', () => slipway.secrets.delete('registri'));
    const error = await failure('UNKNOWN_SECRET_KEY', () =>
      slipway.secrets.update('registry', { remove: ['pasword'] }),
    );
    expect(error.reason).to.equal("Did you mean 'password'?");
  });

  it('are not deleted while components refer to them, which are named, unless that is forced', async () => {
    await slipway.secrets.create('reg', { password: 's3cret', spare: 'x' });
    await registry('one', '{{reg.password}}');
    await registry('two', '{{reg.password}}');
    const error = await failure('SECRET_IN_USE', () => slipway.secrets.delete('reg'));
    expect(error.reason).to.contain("'one'").and.to.contain("'two'");
    await failure('SECRET_IN_USE', () => slipway.secrets.update('reg', { remove: ['password'] }));
    await slipway.secrets.update('reg', { remove: ['spare'] });
    await slipway.secrets.delete('reg', { force: true });
    expect(await slipway.secrets.list()).to.deep.equal([]);
  });

  it('leave nothing behind when they are deleted or get another value, not even in what is kept from before', async () => {
    const kept = async () => {
      const names = (await readdir(folder())).filter((name) => name.startsWith('secrets.json'));
      expect(names).to.have.members(['secrets.json', 'secrets.json.previous']);
      return Promise.all(names.map((name) => readFile(join(folder(), name), 'utf8')));
    };
    await slipway.secrets.create('reg', { user: 'bob', password: 'first' });
    await slipway.secrets.create('old', { token: 't0ken' });
    await slipway.secrets.update('reg', { set: { password: 'second' } });
    expect((await kept()).join('')).not.to.contain('first');
    await slipway.secrets.update('reg', { remove: ['user'] });
    expect((await kept()).join('')).not.to.contain('bob');
    await slipway.secrets.delete('old');
    const [now, previous] = await kept();
    expect(now).not.to.contain('t0ken');
    expect(previous).to.equal(now);
  });

  it('are there again after their file was broken, also when one was deleted before', async () => {
    await slipway.secrets.create('reg', { password: 's3cret' });
    await slipway.secrets.create('old', { token: 't0ken' });
    await slipway.secrets.delete('old');
    await writeFile(join(folder(), 'secrets.json'), '{');
    expect((await slipway.repairStore()).repaired).to.have.length(1);
    expect((await slipway.secrets.list()).map(({ name }) => name)).to.deep.equal(['reg']);
  });

  it('lose nothing where many are created at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => slipway.secrets.create(`s${index}`, { a: '1' })));
    expect(await slipway.secrets.list()).to.have.length(20);
  });
});
