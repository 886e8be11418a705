import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { createSlipway, type Slipway, SlipwayError } from '../../src/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testPlugin } from '../support/test-plugin.js';

type Operation = (slipway: Slipway) => Promise<unknown>;

const name = fc.constantFrom('a', 'b', 'c', 'default');
const type = fc.constantFrom('image_builder' as const, 'container_registry' as const, 'artifact_store' as const);
const flag = fc.boolean();
const flavors = { image_builder: 'strict', container_registry: 'default', artifact_store: 'local' } as const;
const configurations = {
  image_builder: { cluster: 'dev' },
  container_registry: { uri: 'registry.test' },
  artifact_store: {},
};

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(type, name).map<Operation>(
    ([type, name]) =>
      ({ components }) =>
        components.register({ type, flavor: flavors[type], name, configuration: configurations[type] }),
  ),
  fc.tuple(type, name, name).map<Operation>(
    ([type, from, to]) =>
      ({ components }) =>
        components.rename(type, from, to),
  ),
  fc.tuple(type, name, name).map<Operation>(
    ([type, from, to]) =>
      ({ components }) =>
        components.copy(type, from, to),
  ),
  fc.tuple(type, name).map<Operation>(
    ([type, name]) =>
      ({ components }) =>
        components.delete(type, name),
  ),
  fc.tuple(name, fc.dictionary(type, name), flag).map<Operation>(
    ([name, components, activate]) =>
      ({ stacks }) =>
        stacks.register(name, components, { activate }),
  ),
  fc.tuple(name, fc.dictionary(type, name)).map<Operation>(
    ([name, components]) =>
      ({ stacks }) =>
        stacks.update(name, components),
  ),
  fc.tuple(name, type).map<Operation>(
    ([name, type]) =>
      ({ stacks }) =>
        stacks.removeComponents(name, [type]),
  ),
  fc.tuple(name, name).map<Operation>(
    ([from, to]) =>
      ({ stacks }) =>
        stacks.rename(from, to),
  ),
  fc.tuple(name, name).map<Operation>(
    ([from, to]) =>
      ({ stacks }) =>
        stacks.copy(from, to),
  ),
  fc.tuple(name, flag).map<Operation>(
    ([name, recursive]) =>
      ({ stacks }) =>
        stacks.delete(name, { recursive }),
  ),
  name.map<Operation>(
    (name) =>
      ({ stacks }) =>
        stacks.activate(name),
  ),
  fc.tuple(name, name, flag).map<Operation>(([from, to, replace]) => async ({ stacks }) => {
    const { document } = await stacks.export(from);
    return stacks.import(document, { rename: { [`stack/${from}`]: to }, replace });
  }),
);

describe('Whatever is done to components and stacks', () => {
  const folder = temporaryFolder();

  it('every stack has components that are there, one is active, and what fails changes nothing', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 25 }), async (operations) => {
        const configDirectory = join(folder(), String((count += 1)));
        const slipway = await createSlipway({ configDirectory, plugins: [testPlugin().plugin] });
        const stored = () => readFile(join(configDirectory, 'store.json'), 'utf8').catch(() => '');
        for (const operate of operations) {
          const before = await stored();
          try {
            await operate(slipway);
          } catch (error) {
            if (!SlipwayError.is(error)) throw error;
            expect(error.exitCode, error.message).to.equal(2);
            expect(await stored()).to.equal(before);
          }
          const [components, stacks] = await Promise.all([slipway.components.list(), slipway.stacks.list()]);
          const known = components.map(({ type, name }) => `${type}/${name}`);
          expect(new Set(known).size).to.equal(known.length);
          for (const stack of stacks) {
            const used = Object.entries(stack.components).map(([type, name]) => `${type}/${name}`);
            expect(known).to.include.members(used);
            expect(used).not.to.have.length(0);
          }
          expect(stacks.map(({ name }) => name)).to.include(await slipway.stacks.activeName());
        }
      }),
      { numRuns: 30 },
    );
  });
});
