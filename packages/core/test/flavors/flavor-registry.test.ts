import { expect } from 'chai';
import { z } from 'zod';
import { defineFlavor, describeFlavor, type Flavor, FlavorRegistry, type RegisteredFlavor } from '../../src/index.js';
import { failure } from '../support/failures.js';

describe('The flavor registry', () => {
  const kaniko = defineFlavor({
    type: 'image_builder',
    name: 'kaniko',
    description: 'Builds in a cluster.',
    configSchema: z.strictObject({}),
    implementation: () => Promise.reject<never>(new Error('is never loaded')),
  });
  const registry = defineFlavor({
    ...{ ...kaniko, type: 'container_registry', name: 'default' },
    implementation: () => Promise.reject<never>(new Error('is never loaded')),
  });

  const from = (name: string, flavor: Flavor): RegisteredFlavor => ({
    flavor: describeFlavor(flavor),
    plugin: name,
    load: () => Promise.resolve({ apiVersion: 1, name, version: '1.0.0', flavors: [flavor] }),
  });

  function filled(): FlavorRegistry {
    const flavors = new FlavorRegistry();
    flavors.add(from('plugin-a', kaniko));
    flavors.add(from('plugin-b', registry));
    return flavors;
  }

  it('lists flavors with the plugin that brought each, of one type or of all', () => {
    expect(
      filled()
        .list('image_builder')
        .map(({ flavor, plugin }) => [plugin, flavor.name]),
    ).to.deep.equal([['plugin-a', 'kaniko']]);
    expect(
      filled()
        .list()
        .map(({ plugin }) => plugin),
    ).to.deep.equal(['plugin-a', 'plugin-b']);
  });

  it('keeps the first of two with one type and name, and says whose it is', async () => {
    const flavors = filled();
    expect(flavors.add(from('plugin-c', { ...kaniko }))).to.equal('plugin-a');
    expect(await flavors.load('image_builder', 'kaniko')).to.equal(kaniko);
  });

  it('tells flavors of one name and several types apart', () => {
    expect(filled().add(from('plugin-c', { ...registry, name: 'kaniko' }))).to.equal(undefined);
    expect(filled().find('artifact_store', 'kaniko')).to.equal(undefined);
  });

  it('refuses an unknown flavor with the nearest of its type', async () => {
    const error = await failure('UNKNOWN_FLAVOR', () => filled().get('image_builder', 'kanico'));
    expect(error.message).to.equal("There is no image builder flavor 'kanico'.");
    expect(error.reason).to.equal("Did you mean 'kaniko'?");
    expect(error.fix).to.equal('slipway flavor list --type=image-builder');
  });
});
