import { expect } from 'chai';
import { createSlipway, type Logger } from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { TestImageBuilder } from '../support/test-image-builder.js';
import { testPlugin } from '../support/test-plugin.js';
import { testStack } from '../support/test-stack.js';

describe('The components of a stack', () => {
  const folder = temporaryFolder();
  const registry = { flavor: 'default', configuration: { uri: 'registry.test' } };
  const artifacts = { flavor: 'local', configuration: {} };

  it('get their configuration with defaults, and who they are', async () => {
    const { builder } = await testStack(folder(), {});
    expect(builder.configuration).to.deep.equal({ cluster: 'dev', timeout: 300 });
    expect(builder.info).to.deep.equal({ type: 'image_builder', flavor: 'strict', name: 'it' });
    expect(builder.stack.name).to.equal('test');
  });

  it('get each other, as the same objects that the stack has', async () => {
    const { builder, stack } = await testStack(folder(), { container_registry: registry, artifact_store: artifacts });
    expect(builder.registry).to.equal(stack.get('container_registry'));
    expect(builder.artifacts).to.equal(stack.get('artifact_store'));
    expect(stack.get('image_builder')).to.equal(builder);
  });

  it('keep what is their own apart', async () => {
    const { builder } = await testStack(folder(), { container_registry: registry, artifact_store: artifacts });
    expect(builder.registry?.info).to.deep.equal({ type: 'container_registry', flavor: 'default', name: 'it' });
    expect(builder.artifacts?.info.type).to.equal('artifact_store');
    expect(builder.registry?.uri).to.equal('registry.test');
  });

  it('get undefined for an optional component that the stack has not', async () => {
    const { builder, stack } = await testStack(folder(), {});
    expect(builder.registry).to.equal(undefined);
    expect(builder.artifacts).to.equal(undefined);
    expect(stack.get('container_registry')).to.equal(undefined);
  });

  it('get what their plugin binds, one of each, which may ask for what is the component’s own', async () => {
    const { builder } = await testStack(folder(), {});
    expect(builder.greeter.greeting()).to.equal('I serve it');
    expect(builder.sameGreeter).to.equal(builder.greeter);
  });

  it('get the logger that was given', async () => {
    const logger: Logger = { debug: () => {}, info: () => {}, warn: () => {} };
    const slipway = await createSlipway({ configDirectory: folder(), plugins: [testPlugin().plugin], logger });
    const configuration = { cluster: 'dev' };
    await slipway.components.register({ type: 'image_builder', flavor: 'strict', name: 'kb', configuration });
    await slipway.stacks.register('test', { image_builder: 'kb' }, { activate: true });
    expect(((await slipway.imageBuilder()) as TestImageBuilder).logger).to.equal(logger);
  });

  it('are made anew for each stack that is asked for', async () => {
    const { slipway, builder } = await testStack(folder(), {});
    expect(await slipway.imageBuilder('test')).not.to.equal(builder);
  });

  it('build, for a program as for the command line', async () => {
    const { slipway } = await testStack(folder(), {});
    const result = await slipway.build({ contextDirectory: '.', tags: ['a:1'], buildId: 'b1' }, { stack: 'test' });
    expect(result).to.deep.include({ buildId: 'b1', images: [{ tag: 'a:1', reference: 'a:1@sha256:0' }] });
  });

  it('are missed where the active stack has no image builder', async () => {
    const slipway = await createSlipway({ configDirectory: folder() });
    const error = await failure('NO_IMAGE_BUILDER', () => slipway.build({ contextDirectory: '.', tags: [] }));
    expect(error.message).to.contain("'default'");
    expect(error.fix).to.equal('slipway image-builder register --help');
  });

  for (const [flavor, reason] of [
    ['exploding', 'its SDK is missing'],
    ['hollow', 'Its implementation is no class.'],
    ['needy', 'ContainerRegistry'],
  ] as const) {
    it(`are not made by a flavor that is ${flavor}, which is said and harms no other`, async () => {
      const error = await failure('FLAVOR_BROKEN', () =>
        testStack(folder(), { image_builder: { flavor, configuration: {} } }),
      );
      expect(error.message).to.contain(`'${flavor}'`);
      expect(error.reason).to.contain(reason);
      expect(error.exitCode).to.equal(1);
      const slipway = await createSlipway({ configDirectory: folder() });
      expect((await slipway.stacks.list()).map(({ name }) => name)).to.deep.equal(['default']);
    });
  }

  it('may say themselves why they cannot be made', async () => {
    const choosy = { flavor: 'choosy', configuration: {} };
    const error = await failure('NO_KUBECONFIG', () => testStack(folder(), { image_builder: choosy }));
    expect(error.exitCode).to.equal(2);
  });

  it('are not made where their plugin’s own services cannot be loaded', async () => {
    const { plugin } = testPlugin();
    const bindings = () => Promise.reject(new Error('no libc'));
    const slipway = await createSlipway({ configDirectory: folder(), plugins: [{ ...plugin, bindings }] });
    const configuration = { cluster: 'dev' };
    await slipway.components.register({ type: 'image_builder', flavor: 'strict', name: 'kb', configuration });
    const error = await failure('FLAVOR_BROKEN', () => slipway.stacks.register('test', { image_builder: 'kb' }));
    expect(error.reason).to.equal('no libc');
  });
});
