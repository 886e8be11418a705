import { createSlipway, type Slipway } from '@slipway/core';
import { expect } from 'chai';
import plugin from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testPlugin } from '../support/test-plugin.js';

describe('A stack with a kaniko builder', () => {
  const folder = temporaryFolder();
  let slipway: Slipway;

  beforeEach(async () => {
    slipway = await createSlipway({ configDirectory: folder(), plugins: [plugin, testPlugin] });
    await slipway.components.register({
      type: 'image_builder',
      flavor: 'kaniko',
      name: 'kb',
      configuration: { kubernetes_context: 'dev' },
    });
    await registry('remote', 'registry.example.com');
    await slipway.components.register({
      type: 'artifact_store',
      flavor: 'test',
      name: 'bucket',
      configuration: { folder: folder() },
    });
  });

  async function registry(name: string, uri: string): Promise<void> {
    await slipway.components.register({ type: 'container_registry', flavor: 'default', name, configuration: { uri } });
  }
  const stack = (container_registry?: string, artifact_store?: string) => ({
    image_builder: 'kb',
    ...(container_registry && { container_registry }),
    ...(artifact_store && { artifact_store }),
  });

  it('needs a registry', async () => {
    const error = await failure('STACK_INVALID', slipway.stacks.register('prod', stack()));
    expect(error.message).to.include("'kb' needs a container registry");
    expect(error.fix).to.include('slipway stack update prod -c REGISTRY');
    expect(await slipway.stacks.list()).to.have.length(1);
  });

  for (const uri of ['localhost', 'localhost:5000', '127.0.0.1', '127.8.9.1:5000/team', '[::1]:5000', '[::1]']) {
    it(`cannot have one on this machine: ${uri}`, async () => {
      await registry('near', uri);
      const error = await failure('STACK_INVALID', slipway.stacks.register('prod', stack('near')));
      expect(error.message).to.include(`'near' (${uri}) is on this machine`);
      expect(error.fix).to.include('slipway container-registry update near --uri=');
    });
  }

  it('can have one that is not', async () => {
    await slipway.stacks.register('prod', stack('remote'), { activate: true });
    expect(await slipway.stacks.activeName()).to.equal('prod');
  });

  it('is held to it by update, and by changes of its components', async () => {
    await slipway.stacks.register('prod', stack('remote'));
    await registry('near', 'localhost:5000');
    await failure('STACK_INVALID', slipway.stacks.update('prod', { container_registry: 'near' }));
    const moving = slipway.components.update('container_registry', 'remote', { uri: 'localhost:5000' });
    await failure('STACK_INVALID', moving);
    expect((await slipway.components.get('container_registry', 'remote')).configuration).to.deep.equal({
      uri: 'registry.example.com',
    });
    await slipway.stacks.activate('prod');
  });

  describe('that hands contexts over through the artifact store', () => {
    beforeEach(() => slipway.components.update('image_builder', 'kb', { store_context_in_artifact_store: true }));

    it('needs one', async () => {
      const error = await failure('STACK_INVALID', slipway.stacks.register('prod', stack('remote')));
      expect(error.message).to.include('through an artifact store, and there is none');
    });

    it('cannot use one on this machine', async () => {
      const configuration = {};
      await slipway.components.register({ type: 'artifact_store', flavor: 'local', name: 'near', configuration });
      const error = await failure('STACK_INVALID', slipway.stacks.register('prod', stack('remote', 'near')));
      expect(error.message).to.include("'near' is on this machine");
      expect(error.fix).to.include('slipway image-builder update kb --store_context_in_artifact_store=false');
    });

    it('can use one that is not', async () => {
      await slipway.stacks.register('prod', stack('remote', 'bucket'));
    });
  });

  it('cannot begin to hand contexts over through a store that it does not have', async () => {
    await slipway.stacks.register('prod', stack('remote'));
    const change = slipway.components.update('image_builder', 'kb', { store_context_in_artifact_store: true });
    await failure('STACK_INVALID', change);
  });

  it('tells all that is wrong at once', async () => {
    await slipway.components.update('image_builder', 'kb', { store_context_in_artifact_store: true });
    const { message } = await failure('STACK_INVALID', slipway.stacks.register('prod', stack()));
    expect(message).to.include('needs a container registry').and.include('artifact store');
  });
});
