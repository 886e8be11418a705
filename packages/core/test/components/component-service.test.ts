import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type ComponentRegistration, createSlipway, type Slipway } from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testPlugin } from '../support/test-plugin.js';

describe('Components', () => {
  const folder = temporaryFolder();
  let slipway: Slipway;
  let loads: () => number;
  beforeEach(async () => {
    const test = testPlugin();
    loads = test.loads;
    slipway = await createSlipway({ configDirectory: folder(), plugins: [test.plugin] });
  });

  const builder = (
    name: string,
    configuration: Record<string, unknown> = { cluster: 'dev' },
  ): ComponentRegistration => {
    return { type: 'image_builder', flavor: 'strict', name, configuration };
  };
  const registry = (name: string, uri: string): ComponentRegistration => {
    return { type: 'container_registry', flavor: 'default', name, configuration: { uri } };
  };
  const stored = (): Promise<string> => readFile(join(folder(), 'store.json'), 'utf8');

  it('begin with the local artifact store `default`, and nothing is written to see it', async () => {
    const [component, ...others] = await slipway.components.list();
    expect(component).to.include({ type: 'artifact_store', flavor: 'local', name: 'default' });
    expect(others).to.deep.equal([]);
    expect(await stored().catch((error: NodeJS.ErrnoException) => error.code)).to.equal('ENOENT');
  });

  it('are registered as they were given, without defaults, and found again by another process', async () => {
    const { component: record } = await slipway.components.register(builder('kb'));
    expect(record.configuration).to.deep.equal({ cluster: 'dev' });
    const other = await createSlipway({ configDirectory: folder() });
    expect(await other.components.get('image_builder', 'kb')).to.deep.equal(record);
    expect(await other.components.list('image_builder')).to.deep.equal([record]);
  });

  it('may have the name of a component of another type', async () => {
    await slipway.components.register(builder('same'));
    await slipway.components.register(registry('same', 'a.test'));
    expect(await slipway.components.list()).to.have.length(3);
  });

  it('are registered, changed and listed without loading what implements them', async () => {
    await slipway.components.register(builder('kb'));
    await slipway.components.update('image_builder', 'kb', { timeout: 5 });
    await slipway.components.list();
    await slipway.components.get('image_builder', 'kb');
    expect(loads()).to.equal(0);
  });

  for (const name of ['', '-kb', '.kb', 'k b', 'k/b', 'kä', '../kb', 'a'.repeat(64)]) {
    it(`cannot be named '${name}'`, async () => {
      await failure('INVALID_NAME', () => slipway.components.register(builder(name)));
    });
  }
  for (const name of ['k', 'K8s.builder_1-a', '0', 'a'.repeat(63)]) {
    it(`may be named '${name}'`, () => slipway.components.register(builder(name)));
  }

  it('are not registered twice, and the store stays as it was', async () => {
    await slipway.components.register(builder('kb'));
    const before = await stored();
    const error = await failure('NAME_TAKEN', () => slipway.components.register(builder('kb', { cluster: 'b' })));
    expect(error.message).to.equal("There is already an image builder 'kb'.");
    expect(error.fix).to.contain('slipway image-builder update kb');
    expect(await stored()).to.equal(before);
  });

  it('are validated at register', async () => {
    await failure('UNKNOWN_FLAVOR', () => slipway.components.register({ ...builder('kb'), flavor: 'strickt' }));
    await failure('MISSING_ATTRIBUTE', () => slipway.components.register(builder('kb', {})));
    await failure('UNKNOWN_ATTRIBUTE', () => slipway.components.register(builder('kb', { clster: 'dev' })));
    await failure('INVALID_ATTRIBUTE', () => slipway.components.register(builder('kb', { cluster: 1 })));
    expect(await slipway.components.list('image_builder')).to.deep.equal([]);
  });

  it('keep the attributes that an update does not name', async () => {
    await slipway.components.register(builder('kb', { cluster: 'dev', timeout: 5 }));
    const { before, after } = await slipway.components.update('image_builder', 'kb', { cluster: 'prod' });
    expect(before.configuration).to.deep.equal({ cluster: 'dev', timeout: 5 });
    expect(after.configuration).to.deep.equal({ cluster: 'prod', timeout: 5 });
    expect(await slipway.components.get('image_builder', 'kb')).to.deep.equal(after);
    expect(after.created_at).to.equal(before.created_at);
  });

  it('are validated at update, and the store stays as it was', async () => {
    await slipway.components.register(builder('kb'));
    const before = await stored();
    await failure('INVALID_ATTRIBUTE', () => slipway.components.update('image_builder', 'kb', { timeout: -1 }));
    await failure('UNKNOWN_ATTRIBUTE', () => slipway.components.update('image_builder', 'kb', { timout: 1 }));
    expect(await stored()).to.equal(before);
  });

  it('are not changed so that a stack that has them would not work', async () => {
    await slipway.components.register(builder('kb'));
    await slipway.components.register(registry('reg', 'registry.test'));
    await slipway.stacks.register('prod', { image_builder: 'kb', container_registry: 'reg' });
    const before = await stored();
    const change = (uri: string) => slipway.components.update('container_registry', 'reg', { uri });
    const error = await failure('STACK_INVALID', () => change('127.0.0.1:5000'));
    expect(error.message).to.equal("The stack 'prod' would not work: The registry is on this machine.");
    expect(error.toJSON()).to.include({ reason: 'A cluster cannot reach it.', fix: 'Use a remote one.' });
    expect(await stored()).to.equal(before);
    await change('other.test');
  });

  it('are deleted, and are unknown then', async () => {
    await slipway.components.register(builder('kb'));
    await slipway.components.register(builder('kc'));
    await slipway.components.delete('image_builder', 'kc');
    const error = await failure('UNKNOWN_COMPONENT', () => slipway.components.get('image_builder', 'kc'));
    expect(error.message).to.equal("There is no image builder 'kc'.");
    expect(error.reason).to.equal("Did you mean 'kb'?");
    await failure('UNKNOWN_COMPONENT', () => slipway.components.update('image_builder', 'kc', {}));
    await failure('UNKNOWN_COMPONENT', () => slipway.components.delete('image_builder', 'kc'));
  });

  it('are not deleted while stacks have them, which are named', async () => {
    await slipway.components.register(builder('kb'));
    await slipway.stacks.register('one', { image_builder: 'kb' });
    await slipway.stacks.register('two', { image_builder: 'kb' });
    const error = await failure('COMPONENT_IN_USE', () => slipway.components.delete('image_builder', 'kb'));
    expect(error.reason).to.equal("It belongs to the stacks 'one', 'two'.");
    await slipway.stacks.delete('one');
    const still = await failure('COMPONENT_IN_USE', () => slipway.components.delete('image_builder', 'kb'));
    expect(still.reason).to.equal("It belongs to the stack 'two'.");
    await slipway.stacks.delete('two');
    await slipway.components.delete('image_builder', 'kb');
  });

  it('are renamed, in their stacks as well', async () => {
    await slipway.components.register(builder('kb'));
    await slipway.stacks.register('prod', { image_builder: 'kb', artifact_store: 'default' });
    const { before, after } = await slipway.components.rename('image_builder', 'kb', 'kaniko');
    expect([before.name, after.name]).to.deep.equal(['kb', 'kaniko']);
    expect(after).to.deep.include({ configuration: { cluster: 'dev' }, created_at: before.created_at });
    expect((await slipway.stacks.get('prod')).components).to.deep.equal({
      image_builder: 'kaniko',
      artifact_store: 'default',
    });
    await failure('UNKNOWN_COMPONENT', () => slipway.components.get('image_builder', 'kb'));
  });

  it('are not renamed to what cannot be a name, or is one already', async () => {
    await slipway.components.register(builder('kb'));
    await slipway.components.register(builder('kc'));
    const rename = (name: string, other: string) => slipway.components.rename('image_builder', name, other);
    await failure('INVALID_NAME', () => rename('kb', 'k b'));
    await failure('NAME_TAKEN', () => rename('kb', 'kc'));
    await failure('UNKNOWN_COMPONENT', () => rename('kd', 'ke'));
    const { before, after } = await rename('kb', 'kb');
    expect(after).to.deep.equal(before);
  });

  it('are copied under another name, and are their own from then on', async () => {
    await slipway.components.register({ ...builder('kb', { cluster: 'dev', timeout: 5 }), labels: { team: 'a' } });
    const copy = await slipway.components.copy('image_builder', 'kb', 'kc');
    expect(copy).to.deep.include({ name: 'kc', flavor: 'strict', labels: { team: 'a' } });
    await slipway.components.update('image_builder', 'kc', { cluster: 'prod' });
    expect((await slipway.components.get('image_builder', 'kb')).configuration['cluster']).to.equal('dev');
    await failure('NAME_TAKEN', () => slipway.components.copy('image_builder', 'kb', 'kc'));
    await failure('UNKNOWN_COMPONENT', () => slipway.components.copy('image_builder', 'kx', 'ky'));
  });

  it('lose attributes that are taken back, but only those that are set', async () => {
    await slipway.components.register(builder('kb', { cluster: 'dev', timeout: 5, token: 't' }));
    const remove = (...names: string[]) => slipway.components.removeAttributes('image_builder', 'kb', names);
    const { before, after } = await remove('timeout', 'token');
    expect(Object.keys(before.configuration)).to.deep.equal(['cluster', 'timeout', 'token']);
    expect(after.configuration).to.deep.equal({ cluster: 'dev' });
    const unset = await failure('ATTRIBUTE_NOT_SET', () => remove('timeout'));
    expect(unset.reason).to.equal('Set are: cluster.');
    expect((await failure('UNKNOWN_ATTRIBUTE', () => remove('timout'))).reason).to.equal("Did you mean 'timeout'?");
    await failure('MISSING_ATTRIBUTE', () => remove('cluster'));
    expect(await slipway.components.get('image_builder', 'kb')).to.deep.equal(after);
  });

  it('have labels, which are set, changed and removed one by one', async () => {
    await slipway.components.register({ ...builder('kb'), labels: { team: 'payments', env: 'dev' } });
    const label = (labels: Record<string, string | null>) =>
      slipway.components.update('image_builder', 'kb', {}, { labels });
    const { after } = await label({ team: 'billing', 'cost/centre': '7', env: null });
    expect(after.labels).to.deep.equal({ 'cost/centre': '7', team: 'billing' });
    expect((await failure('UNKNOWN_LABEL', () => label({ env: null }))).reason).to.contain('team');
    await failure('INVALID_LABEL', () => label({ 'a b': 'c' }));
    await failure('INVALID_LABEL', () => label({ a: 'two\nlines' }));
    expect((await slipway.components.get('image_builder', 'kb')).labels).to.deep.equal(after.labels);
  });

  it('are changed although a stack would not work, by those who say so', async () => {
    await slipway.components.register(builder('kb'));
    await slipway.components.register(registry('reg', 'registry.test'));
    await slipway.stacks.register('prod', { image_builder: 'kb', container_registry: 'reg' });
    const uri = 'localhost:5000';
    await failure('STACK_INVALID', () => slipway.components.update('container_registry', 'reg', { uri }));
    await slipway.components.update('container_registry', 'reg', { uri }, { validate: false });
    await failure('INVALID_ATTRIBUTE', () =>
      slipway.components.update('container_registry', 'reg', { uri: 'http://a' }, { validate: false }),
    );
  });

  it('warn of a secret that is given as it is, once it is given, and do not show it', async () => {
    await slipway.secrets.create('ci', { token: 's3cret' });
    const { warnings } = await slipway.components.register(builder('kb', { cluster: 'dev', token: 's3cret' }));
    expect(warnings.map(({ code }) => code)).to.deep.equal(['PLAIN_TEXT_SECRET']);
    expect(JSON.stringify(warnings)).to.contain('token').and.not.to.contain('s3cret');
    const update = (attributes: Record<string, unknown>) =>
      slipway.components.update('image_builder', 'kb', attributes);
    expect((await update({ timeout: 7 })).warnings).to.deep.equal([]);
    expect((await update({ token: 'other' })).warnings).to.have.length(1);
    expect((await update({ token: '{{ci.token}}' })).warnings).to.deep.equal([]);
  });

  it('are known by type in the active stack', async () => {
    expect((await slipway.components.active('artifact_store'))?.name).to.equal('default');
    expect(await slipway.components.active('image_builder')).to.equal(undefined);
  });

  it('may be listed and deleted where their plugin is gone', async () => {
    await slipway.components.register(builder('kb'));
    const without = await createSlipway({ configDirectory: folder() });
    expect(await without.components.list('image_builder')).to.have.length(1);
    await failure('UNKNOWN_FLAVOR', () => without.components.update('image_builder', 'kb', {}));
    await without.components.delete('image_builder', 'kb');
  });
});
