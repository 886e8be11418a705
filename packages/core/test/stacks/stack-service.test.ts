import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSlipway, type Slipway } from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testPlugin } from '../support/test-plugin.js';

describe('Stacks', () => {
  const folder = temporaryFolder();
  let slipway: Slipway;
  beforeEach(async () => {
    slipway = await createSlipway({ configDirectory: folder(), plugins: [testPlugin().plugin] });
    const builder = { type: 'image_builder', flavor: 'strict', configuration: { cluster: 'dev' } } as const;
    await slipway.components.register({ ...builder, name: 'kb' });
    const registry = { type: 'container_registry', flavor: 'default' } as const;
    await slipway.components.register({ ...registry, name: 'remote', configuration: { uri: 'registry.test' } });
    await slipway.components.register({ ...registry, name: 'local', configuration: { uri: 'localhost:5000' } });
  });
  const stored = (): Promise<string> => readFile(join(folder(), 'store.json'), 'utf8');

  async function refused(code: string, call: () => Promise<unknown>): Promise<Awaited<ReturnType<typeof failure>>> {
    const before = await stored();
    const error = await failure(code, call);
    expect(await stored(), 'the store').to.equal(before);
    return error;
  }

  it('begin with `default`, which is active and has the local artifact store', async () => {
    expect(await slipway.stacks.activeName()).to.equal('default');
    expect((await slipway.stacks.get()).components).to.deep.equal({ artifact_store: 'default' });
  });

  it('are registered and found again, without becoming active', async () => {
    const record = await slipway.stacks.register('prod', { image_builder: 'kb', container_registry: 'remote' });
    expect(await slipway.stacks.get('prod')).to.deep.equal(record);
    expect((await slipway.stacks.list()).map(({ name }) => name)).to.deep.equal(['default', 'prod']);
    expect(await slipway.stacks.activeName()).to.equal('default');
  });

  it('become active where that is asked for at register, or later', async () => {
    await slipway.stacks.register('prod', { image_builder: 'kb' }, { activate: true });
    expect((await slipway.stacks.get()).name).to.equal('prod');
    await slipway.stacks.activate('default');
    expect(await slipway.stacks.activeName()).to.equal('default');
  });

  it('have names of their own, as components have', async () => {
    await refused('INVALID_NAME', () => slipway.stacks.register('a b', { image_builder: 'kb' }));
    const error = await refused('NAME_TAKEN', () => slipway.stacks.register('default', { image_builder: 'kb' }));
    expect(error.fix).to.contain('slipway stack update default');
  });

  it('have at least one component', async () => {
    const error = await refused('EMPTY_STACK', () => slipway.stacks.register('prod', {}));
    expect(error.fix)
      .to.contain('-i kb')
      .and.to.match(/-c \w+/);
  });

  it('have components that are there', async () => {
    const error = await refused('UNKNOWN_COMPONENT', () =>
      slipway.stacks.register('prod', { container_registry: 'remot' }),
    );
    expect(error.reason).to.equal("Did you mean 'remote'?");
  });

  it('are validated by their components at register', async () => {
    const error = await refused('STACK_INVALID', () =>
      slipway.stacks.register('prod', { image_builder: 'kb', container_registry: 'local' }, { activate: true }),
    );
    expect(error.message).to.equal("The stack 'prod' would not work: The registry is on this machine.");
    expect(error.exitCode).to.equal(2);
  });

  it('are validated at update, which keeps the components it does not name', async () => {
    await slipway.stacks.register('prod', { image_builder: 'kb' });
    await refused('STACK_INVALID', () => slipway.stacks.update('prod', { container_registry: 'local' }));
    const { after } = await slipway.stacks.update('prod', { container_registry: 'remote' });
    expect(after.components).to.deep.equal({ image_builder: 'kb', container_registry: 'remote' });
  });

  it('are updated by name, else the active one is', async () => {
    expect((await slipway.stacks.update(undefined, { image_builder: 'kb' })).after.name).to.equal('default');
    await refused('UNKNOWN_STACK', () => slipway.stacks.update('prodd', { image_builder: 'kb' }));
  });

  it('are validated when they are activated, as their flavors may have changed since', async () => {
    await slipway.stacks.register('prod', { image_builder: 'kb', container_registry: 'remote' });
    const before = JSON.parse(await stored()) as { components: { name: string; configuration: object }[] };
    const changed = before.components.map((component) =>
      component.name === 'remote' ? { ...component, configuration: { uri: '[::1]:5000' } } : component,
    );
    await writeFile(join(folder(), 'store.json'), JSON.stringify({ ...before, components: changed }));
    await refused('STACK_INVALID', () => slipway.stacks.activate('prod'));
    await refused('STACK_INVALID', () => slipway.build({ contextDirectory: '.', tags: ['a'] }, { stack: 'prod' }));
  });

  it('are registered, changed and activated although they would not work, by those who say so', async () => {
    const components = { image_builder: 'kb', container_registry: 'local' };
    const go = { validate: false };
    await refused('STACK_INVALID', () => slipway.stacks.register('prod', components));
    await slipway.stacks.register('prod', components, go);
    await refused('STACK_INVALID', () => slipway.stacks.activate('prod'));
    await slipway.stacks.activate('prod', go);
    await refused('STACK_INVALID', () => slipway.stacks.update('prod', { artifact_store: 'default' }));
    await slipway.stacks.update('prod', { artifact_store: 'default' }, go);
    await refused('UNKNOWN_COMPONENT', () => slipway.stacks.update('prod', { image_builder: 'kx' }, go));
    await refused('EMPTY_STACK', () => slipway.stacks.register('none', {}, go));
  });

  it('are renamed, and stay active', async () => {
    await slipway.stacks.register('prod', { image_builder: 'kb' }, { activate: true });
    const { after } = await slipway.stacks.rename('prod', 'live');
    expect(await slipway.stacks.activeName()).to.equal('live');
    expect(await slipway.stacks.get('live')).to.deep.equal(after);
    await refused('NAME_TAKEN', () => slipway.stacks.rename('live', 'default'));
    await refused('INVALID_NAME', () => slipway.stacks.rename('live', '-x'));
    await refused('UNKNOWN_STACK', () => slipway.stacks.rename('prod', 'x'));
  });

  it('are copied, labels and all, and are not active for that', async () => {
    await slipway.stacks.register('prod', { image_builder: 'kb' }, { activate: true, labels: { team: 'a' } });
    const copy = await slipway.stacks.copy('prod', 'staging');
    expect(copy).to.deep.include({ components: { image_builder: 'kb' }, labels: { team: 'a' } });
    expect(await slipway.stacks.activeName()).to.equal('prod');
    await refused('NAME_TAKEN', () => slipway.stacks.copy('prod', 'staging'));
  });

  it('give up components, but not one they do not have, nor the last', async () => {
    await slipway.stacks.register('prod', { image_builder: 'kb', container_registry: 'remote' });
    const { before, after } = await slipway.stacks.removeComponents('prod', ['container_registry']);
    expect(before.components).to.have.property('container_registry', 'remote');
    expect(after.components).to.deep.equal({ image_builder: 'kb' });
    await refused('COMPONENT_NOT_IN_STACK', () => slipway.stacks.removeComponents('prod', ['container_registry']));
    await refused('EMPTY_STACK', () => slipway.stacks.removeComponents('prod', ['image_builder']));
    await slipway.components.get('container_registry', 'remote');
  });

  it('have labels', async () => {
    await slipway.stacks.register('prod', { image_builder: 'kb' }, { labels: { team: 'a', env: 'live' } });
    const { after } = await slipway.stacks.update('prod', {}, { labels: { team: null, tier: '1' } });
    expect(after.labels).to.deep.equal({ env: 'live', tier: '1' });
    await refused('UNKNOWN_LABEL', () => slipway.stacks.update('prod', {}, { labels: { team: null } }));
  });

  it('are deleted with those of their components that no other stack has, where that is asked for', async () => {
    await slipway.stacks.register('one', { image_builder: 'kb', container_registry: 'remote' });
    await slipway.stacks.register('two', { image_builder: 'kb' });
    const { stack, components } = await slipway.stacks.delete('one', { recursive: true });
    expect(stack.name).to.equal('one');
    expect(components.map(({ name }) => name)).to.deep.equal(['remote']);
    expect((await slipway.components.list()).map(({ name }) => name)).to.deep.equal(['default', 'kb', 'local']);
    await refused('STACK_ACTIVE', () => slipway.stacks.delete('default', { recursive: true }));
  });

  it('are deleted with their components kept, but not while active', async () => {
    await slipway.stacks.register('prod', { image_builder: 'kb' });
    const error = await refused('STACK_ACTIVE', () => slipway.stacks.delete('default'));
    expect(error.fix).to.equal('Make another the active one first: slipway stack set prod');
    await slipway.stacks.delete('prod');
    expect(await slipway.components.list('image_builder')).to.have.length(1);
    const last = await refused('STACK_ACTIVE', () => slipway.stacks.delete('default'));
    expect(last.fix).to.contain('It is the only one.');
  });

  it('are refused by an unknown name, with the nearest', async () => {
    await slipway.stacks.register('prod', { image_builder: 'kb' });
    for (const call of [
      () => slipway.stacks.get('prodd'),
      () => slipway.stacks.activate('prodd'),
      () => slipway.stacks.delete('prodd'),
      () => slipway.imageBuilder('prodd'),
    ]) {
      expect((await refused('UNKNOWN_STACK', call)).reason).to.equal("Did you mean 'prod'?");
    }
  });
});
