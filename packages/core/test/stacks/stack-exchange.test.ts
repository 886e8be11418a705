import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type ComponentRegistration, createSlipway, type Slipway, type StackDocument } from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testPlugin } from '../support/test-plugin.js';

describe('A stack that is exported', () => {
  const folder = temporaryFolder();
  const open = (machine: string): Promise<Slipway> =>
    createSlipway({ configDirectory: join(folder(), machine), plugins: [testPlugin().plugin] });
  const stored = (machine: string): Promise<string> => readFile(join(folder(), machine, 'store.json'), 'utf8');
  let here: Slipway;
  let there: Slipway;

  beforeEach(async () => {
    here = await open('here');
    there = await open('there');
    await builder(here, { name: 'kb', configuration: { cluster: 'dev' }, labels: { team: 'a' } });
    await registry(here, { configuration: { uri: 'registry.test' } });
    const components = { image_builder: 'kb', container_registry: 'reg', artifact_store: 'default' };
    await here.stacks.register('prod', components, { labels: { env: 'live' } });
    await there.stacks.activate('default');
  });

  function builder(slipway: Slipway, given: Pick<ComponentRegistration, 'name' | 'configuration' | 'labels'>) {
    return slipway.components.register({ type: 'image_builder', flavor: 'strict', ...given });
  }
  function registry(slipway: Slipway, { configuration }: Pick<ComponentRegistration, 'configuration'>) {
    return slipway.components.register({ type: 'container_registry', flavor: 'default', name: 'reg', configuration });
  }

  /** As it arrives elsewhere: through text. */
  async function exported(name = 'prod'): Promise<StackDocument> {
    return JSON.parse(JSON.stringify((await here.stacks.export(name)).document)) as StackDocument;
  }

  async function refused(code: string, call: () => Promise<unknown>): Promise<Awaited<ReturnType<typeof failure>>> {
    const before = await stored('there');
    const error = await failure(code, call);
    expect(await stored('there'), 'the store').to.equal(before);
    return error;
  }

  it('is data of a known form', async () => {
    expect(await exported()).to.deep.equal({
      slipway_stack: 1,
      name: 'prod',
      labels: { env: 'live' },
      components: {
        image_builder: { name: 'kb', flavor: 'strict', configuration: { cluster: 'dev' }, labels: { team: 'a' } },
        container_registry: { name: 'reg', flavor: 'default', configuration: { uri: 'registry.test' } },
        artifact_store: { name: 'default', flavor: 'local', configuration: {} },
      },
    });
  });

  it('comes out of an import as it was, and uses what is there and alike', async () => {
    const { stack, outcome, components, warnings } = await there.stacks.import(await exported(), { activate: true });
    expect(stack).to.deep.include({ name: 'prod', labels: { env: 'live' } });
    expect(outcome).to.equal('created');
    expect(components.map((part) => [part.component.name, part.outcome])).to.deep.equal([
      ['kb', 'created'],
      ['reg', 'created'],
      ['default', 'reused'],
    ]);
    expect(warnings).to.deep.equal([]);
    expect(await there.stacks.activeName()).to.equal('prod');
    expect((await there.stacks.export('prod')).document).to.deep.equal(await exported());
    const again = await there.stacks.import(await exported());
    expect([again.outcome, ...again.components.map((part) => part.outcome)]).to.deep.equal(Array(4).fill('reused'));
  });

  it('meets another of the same name, and says all that differs', async () => {
    await builder(there, { name: 'kb', configuration: { cluster: 'other', timeout: 5 } });
    await registry(there, { configuration: { uri: 'other.test' } });
    await there.stacks.register('prod', { image_builder: 'kb' });
    const error = await refused('IMPORT_CONFLICT', async () => there.stacks.import(await exported()));
    expect(error.message.split('\n')).to.deep.equal([
      "There is already another image builder 'kb', which differs in cluster, timeout.",
      "There is already another container registry 'reg', which differs in uri.",
      "There is already another stack 'prod', which differs in its components.",
    ]);
    expect(error.fix).to.contain('--rename kb=NEW').and.to.contain('--replace');
  });

  it('takes other names here', async () => {
    await builder(there, { name: 'kb', configuration: { cluster: 'other' } });
    await there.stacks.register('prod', { image_builder: 'kb' });
    const rename = { kb: 'kb-2', 'artifact-store/default': 'files', 'stack/prod': 'live' };
    const { stack } = await there.stacks.import(await exported(), { rename });
    expect(stack.name).to.equal('live');
    expect(stack.components).to.deep.equal({
      image_builder: 'kb-2',
      container_registry: 'reg',
      artifact_store: 'files',
    });
    expect((await there.components.get('image_builder', 'kb')).configuration).to.deep.equal({ cluster: 'other' });
    const unknown = await refused('INVALID_RENAME', async () =>
      there.stacks.import(await exported(), { rename: { kx: 'ky' } }),
    );
    expect(unknown.reason).to.contain('image_builder/kb');
    await refused('INVALID_NAME', async () => there.stacks.import(await exported(), { rename: { kb: '-' } }));
  });

  it('replaces what is here where that is asked for, unless it breaks another stack', async () => {
    await builder(there, { name: 'kb', configuration: { cluster: 'other' } });
    await registry(there, { configuration: { uri: 'localhost:5000' } });
    await there.stacks.register('prod', { image_builder: 'kb' });
    const document = await exported();
    const { stack, outcome, components } = await there.stacks.import(document, { replace: true });
    expect(outcome).to.equal('replaced');
    expect(components.map((part) => part.outcome)).to.deep.equal(['replaced', 'replaced', 'reused']);
    expect(stack.components).to.have.property('container_registry', 'reg');
    await there.stacks.copy('prod', 'other');
    const broken = structuredClone(document) as { components: { container_registry: { configuration: object } } };
    broken.components.container_registry.configuration = { uri: 'localhost:5000' };
    await refused('STACK_INVALID', () => there.stacks.import(broken, { replace: true }));
    await there.stacks.import(broken, { replace: true, validate: false });
  });

  it('holds no secret in plain text, and says what was left out', async () => {
    const configuration = { uri: 'registry.test', username: 'me', password: 's3cret' };
    await here.components.update('container_registry', 'reg', configuration);
    const { document, warnings } = await here.stacks.export('prod');
    expect(JSON.stringify([document, warnings])).not.to.contain('s3cret');
    expect(warnings.map(({ code, message }) => [code, message])).to.deep.equal([
      ['SECRET_OMITTED', "The password of the container registry 'reg' was left out, as it is a secret in plain text."],
    ]);
    expect(document.components.container_registry?.omitted_secrets).to.deep.equal(['password']);
    const missing = await refused('MISSING_ATTRIBUTE', () => there.stacks.import(document));
    expect(missing.message).to.contain("'reg' cannot do without what its export left out: password");
    expect((await here.stacks.import(document)).components.map(({ outcome }) => outcome)).to.include('reused');
    await there.stacks.import(document, { validate: false });
    await there.components.update('container_registry', 'reg', { password: 'n3w' });
    const changed = { ...document.components.container_registry, configuration: { uri: 'b.test', username: 'me' } };
    const replacing = { ...document, components: { ...document.components, container_registry: changed } };
    await there.stacks.import(replacing, { replace: true });
    expect((await there.components.get('container_registry', 'reg')).configuration).to.deep.equal({
      uri: 'b.test',
      username: 'me',
      password: 'n3w',
    });
  });

  it('holds references to secrets, which must be there where it is imported', async () => {
    await here.secrets.create('ci', { token: 's3cret' });
    await here.components.update('image_builder', 'kb', { token: '{{ci.token}}' });
    const document = await exported();
    expect(document.components.image_builder?.configuration).to.have.property('token', '{{ci.token}}');
    await refused('UNKNOWN_SECRET', () => there.stacks.import(document));
    const { warnings } = await there.stacks.import(document, { validate: false });
    expect(warnings.map(({ code }) => code)).to.deep.equal(['UNKNOWN_SECRET']);
  });

  it('is not taken where it is none, or a broken one', async () => {
    const document = await exported();
    const documents: readonly [unknown, string][] = [
      [undefined, 'slipway_stack'],
      ['text', 'slipway_stack'],
      [{ stack_name: 'prod', zenml_version: '0.98.0' }, 'ZenML'],
      [{ ...document, extra: 1 }, 'extra'],
      [{ ...document, components: { orchestrator: {} } }, 'components'],
      [{ ...document, components: { image_builder: { name: 'kb' } } }, 'components.image_builder.flavor'],
      [{ ...document, labels: { a: 1 } }, 'labels.a'],
    ];
    for (const [value, reason] of documents) {
      const error = await refused('STACK_DOCUMENT_INVALID', () => there.stacks.import(value));
      expect(error.reason).to.contain(reason);
    }
    await refused('STACK_DOCUMENT_TOO_NEW', () => there.stacks.import({ ...document, slipway_stack: 2 }));
    await refused('EMPTY_STACK', () => there.stacks.import({ ...document, components: {} }));
    const flavor = { ...document.components.image_builder, flavor: 'gone' };
    const unknown = { ...document, components: { ...document.components, image_builder: flavor } };
    await refused('UNKNOWN_FLAVOR', () => there.stacks.import(unknown));
  });

  it('comes out as it was whatever its names, labels and attributes', async () => {
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/);
    const labels = fc.dictionary(fc.stringMatching(/^[A-Za-z0-9]{1,9}$/), fc.stringMatching(/^[^\p{Cc}]{0,20}$/u));
    const stack = fc.record({
      stack: name,
      builder: name,
      cluster: fc.string(),
      timeout: fc.nat().map((n) => n + 1),
      labels,
    });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(stack, async (given) => {
        count += 1;
        const [from, to] = [await open(`from-${count}`), await open(`to-${count}`)];
        const configuration = { cluster: given.cluster, timeout: given.timeout };
        await builder(from, { name: given.builder, configuration, labels: given.labels });
        fc.pre(given.stack !== 'default');
        await from.stacks.register(given.stack, { image_builder: given.builder }, { labels: given.labels });
        const { document } = await from.stacks.export(given.stack);
        await to.stacks.import(JSON.parse(JSON.stringify(document)));
        expect((await to.stacks.export(given.stack)).document).to.deep.equal(document);
      }),
      { numRuns: 25 },
    );
  });
});
