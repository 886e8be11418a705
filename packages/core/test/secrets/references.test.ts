import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { createSlipway, defineFlavor, definePlugin, type Slipway } from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { TestImageBuilder } from '../support/test-image-builder.js';
import { testPlugin } from '../support/test-plugin.js';

const about = { description: '' };
const flavor = defineFlavor({
  type: 'image_builder',
  name: 'texts',
  description: 'Has texts of all kinds.',
  configSchema: z.strictObject({
    address: z
      .string()
      .regex(/^[a-z]+$/, 'must be lower case')
      .optional()
      .meta(about),
    level: z.enum(['high', 'low']).optional().meta(about),
    either: z
      .union([z.string().regex(/^a+$/), z.strictObject({ name: z.string().max(3) })])
      .optional()
      .meta(about),
    env: z
      .array(z.strictObject({ name: z.string(), value: z.string() }))
      .optional()
      .meta(about),
    size: z.int().optional().meta(about),
    token: z.string().min(1).optional().meta({ description: '', secret: true }),
  }),
  implementation: () => Promise.resolve(TestImageBuilder),
});

describe('References to secrets', () => {
  const folder = temporaryFolder();
  let slipway: Slipway;
  beforeEach(async () => {
    const { plugin } = testPlugin();
    const texts = definePlugin({ ...plugin, flavors: [...plugin.flavors, flavor] });
    slipway = await createSlipway({ configDirectory: folder(), plugins: [texts] });
    await slipway.secrets.create('ci', { token: 's3cret', host: 'abc', level: 'high', long: 'aaaa', upper: 'ABC' });
  });

  const register = (configuration: Record<string, unknown>) =>
    slipway.components.register({ type: 'image_builder', flavor: 'texts', name: 'b', configuration });

  /** The configuration that the component gets. */
  async function used(configuration: Record<string, unknown>): Promise<Record<string, unknown>> {
    await register(configuration);
    await slipway.stacks.register('s', { image_builder: 'b' });
    return ((await slipway.imageBuilder('s')) as TestImageBuilder).configuration;
  }

  it('stand for the secret when the component is made, in texts however deep, and are kept as they are', async () => {
    const configuration = {
      token: '{{ ci.token }}',
      env: [{ name: 'URL', value: 'https://me:{{ci.token}}@{{ci.host}}/' }],
    };
    expect(await used(configuration)).to.deep.equal({
      token: 's3cret',
      env: [{ name: 'URL', value: 'https://me:s3cret@abc/' }],
    });
    expect((await slipway.components.get('image_builder', 'b')).configuration).to.deep.equal(configuration);
    expect(await readFile(join(folder(), 'store.json'), 'utf8')).not.to.contain('s3cret');
  });

  it('are taken where the schema would refuse their text, and what they stand for is looked at when it is used', async () => {
    await register({ address: '{{ci.host}}', level: '{{ci.level}}', either: '{{ci.long}}' });
    await slipway.stacks.register('s', { image_builder: 'b' });
    const update = (attributes: Record<string, unknown>) => slipway.components.update('image_builder', 'b', attributes);
    const error = await failure('INVALID_ATTRIBUTE', () => update({ address: '{{ci.upper}}' }));
    expect(error.message).to.contain("'address'").and.to.contain('lower case').and.not.to.contain('ABC');
    await update({ either: { name: '{{ci.host}}' } });
    await failure('INVALID_ATTRIBUTE', () => update({ either: { name: '{{ci.long}}' } }));
  });

  it('do not excuse what else is wrong', async () => {
    await failure('INVALID_ATTRIBUTE', () => register({ address: '{{ci.host}}', level: 'middle' }));
    await failure('UNKNOWN_ATTRIBUTE', () => register({ address: '{{ci.host}}', tokn: '{{ci.token}}' }));
    await failure('INVALID_ATTRIBUTE', () => register({ env: [{ name: 5, value: '{{ci.token}}' }] }));
  });

  it('are not read out of what only looks alike', async () => {
    for (const text of ['{{}}', '{{ci}}', '{{ .Values.token }}', '{ci.token}', '{{ci.to ken}}']) {
      await slipway.components.delete('image_builder', 'b').catch(() => {});
      await register({ token: text });
      expect((await slipway.components.get('image_builder', 'b')).configuration).to.deep.equal({ token: text });
    }
  });

  it('that lead nowhere are warned of at once, and an error where the component is needed', async () => {
    const { warnings } = await register({ token: '{{cii.token}}' });
    expect(warnings.map(({ code }) => code)).to.deep.equal(['UNKNOWN_SECRET']);
    const unknown = await failure('UNKNOWN_SECRET', () => slipway.stacks.register('s', { image_builder: 'b' }));
    expect(unknown.message).to.equal("There is no secret 'cii', to which 'token' of the image builder 'b' refers.");
    expect(unknown.reason).to.equal("Did you mean 'ci'?");
    await slipway.components.update('image_builder', 'b', { token: '{{ci.tokn}}' });
    const key = await failure('UNKNOWN_SECRET_KEY', () => slipway.stacks.register('s', { image_builder: 'b' }));
    expect(key.reason).to.equal("Did you mean 'token'?");
    await slipway.components.update('image_builder', 'b', { token: '{{ci.password}}' });
    const none = await failure('UNKNOWN_SECRET_KEY', () => slipway.stacks.register('s', { image_builder: 'b' }));
    expect(none.reason).to.equal('Known: host, level, long, token, upper.');
    expect(none.fix).to.equal('slipway secret update ci --password');
    expect(JSON.stringify([warnings, unknown, key, none])).not.to.contain('s3cret');
  });

  it('follow the secret: the next build gets what was changed', async () => {
    await used({ token: '{{ci.token}}' });
    await slipway.secrets.update('ci', { set: { token: 'n3w' } });
    expect(((await slipway.imageBuilder('s')) as TestImageBuilder).configuration['token']).to.equal('n3w');
  });
});
