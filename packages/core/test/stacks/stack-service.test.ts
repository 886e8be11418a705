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
    expect(error.fix).to.contain('-i IMAGE-BUILDER').and.to.contain('-c CONTAINER-REGISTRY');
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
    const record = await slipway.stacks.update('prod', { container_registry: 'remote' });
    expect(record.components).to.deep.equal({ image_builder: 'kb', container_registry: 'remote' });
  });

  it('are updated by name, else the active one is', async () => {
    expect((await slipway.stacks.update(undefined, { image_builder: 'kb' })).name).to.equal('default');
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

  it('are deleted with their components kept, but not while active', async () => {
    await slipway.stacks.register('prod', { image_builder: 'kb' });
    await slipway.stacks.delete('prod');
    expect(await slipway.components.list('image_builder')).to.have.length(1);
    const error = await refused('STACK_ACTIVE', () => slipway.stacks.delete('default'));
    expect(error.fix).to.contain('slipway stack set');
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
