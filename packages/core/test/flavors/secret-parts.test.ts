import { expect } from 'chai';
import { z } from 'zod';
import {
  type ConfigurationField,
  configurationFields,
  createSlipway,
  defineFlavor,
  definePlugin,
  maskSecrets,
  parseAttributes,
  secretPaths,
  type Slipway,
} from '../../src/index.js';
import { parseOverrides } from '../../src/flavors/overrides.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const secret = z.string().meta({ secret: true });
const node = z.strictObject({
  name: z.string(),
  token: secret.optional(),
  get children() {
    return z.array(node).optional();
  },
});

function fields(field: z.ZodType): readonly ConfigurationField[] {
  return configurationFields(z.strictObject({ field }));
}

function masked(schema: z.ZodType, field: unknown): unknown {
  return maskSecrets(fields(schema), { field })['field'];
}

describe('Secrets within an attribute', () => {
  const hidden = '********';
  const shapes: readonly [string, z.ZodType, unknown, unknown][] = [
    [
      'in an object',
      z.strictObject({ user: z.string(), password: secret }),
      { user: 'ci', password: 's3cret' },
      { user: 'ci', password: hidden },
    ],
    [
      'in the objects of a list',
      z.array(z.strictObject({ host: z.string(), password: secret.optional() })),
      [{ host: 'a', password: 's3cret' }, { host: 'b' }],
      [{ host: 'a', password: hidden }, { host: 'b' }],
    ],
    ['that are the elements of a list', z.array(secret), ['s3cret'], [hidden]],
    ['of a tuple', z.tuple([z.string(), secret]), ['ci', 's3cret'], [hidden, hidden]],
    ['that are the values of a map', z.record(z.string(), secret), { 'ghcr.io/a': 's3cret' }, { 'ghcr.io/a': hidden }],
    [
      'in one of several forms',
      z.union([z.boolean(), z.string(), z.strictObject({ key: secret }), z.strictObject({ file: z.string() })]),
      { key: 's3cret' },
      { key: hidden },
    ],
    [
      'in both parts of an intersection',
      z.intersection(z.object({ a: secret }), z.object({ b: z.object({ c: secret }) })),
      { a: 's3cret', b: { c: 's3cret' } },
      { a: hidden, b: { c: hidden } },
    ],
    [
      'that are a whole object',
      z.strictObject({ key: z.strictObject({ d: z.string() }).meta({ secret: true }) }),
      { key: { d: 's3cret' } },
      { key: hidden },
    ],
    ['that may be null', z.strictObject({ token: secret.nullable() }), { token: 's3cret' }, { token: hidden }],
    ['of a schema with an id', z.array(secret.meta({ id: 'Password' })), ['s3cret'], [hidden]],
    [
      'of a schema that contains itself',
      node,
      { name: 'a', token: 's3cret', children: [{ name: 'b', token: 's3cret' }] },
      { name: 'a', token: hidden, children: [hidden] },
    ],
    ['before they are made into something else', z.array(secret.transform((text) => [text])), ['s3cret'], [hidden]],
  ];
  for (const [title, schema, value, shown] of shapes) {
    it(`are masked ${title}`, () => {
      expect(masked(schema, value)).to.deep.equal(shown);
      // Manifests hold descriptions as JSON.
      const described = JSON.parse(JSON.stringify(fields(schema))) as readonly ConfigurationField[];
      expect(maskSecrets(described, { field: value })).to.deep.equal({ field: shown });
    });
  }

  it('are masked also where the whole attribute may be null, or its schema has an id', () => {
    expect(masked(secret.nullable(), 's3cret')).to.equal(hidden);
    expect(masked(secret.meta({ id: 'Secret' }), 's3cret')).to.equal(hidden);
  });

  it('are shown where they are references, and what is none of them is shown', () => {
    const schema = z.union([z.string(), z.array(z.strictObject({ user: z.string(), password: secret }))]);
    const reference = [{ user: 'ci', password: '{{ci.password}}' }];
    expect(masked(schema, reference)).to.deep.equal(reference);
    expect(masked(schema, 'no secret')).to.equal('no secret');
    expect(masked(z.array(node.pick({ name: true })), [{ name: 'a' }])).to.deep.equal([{ name: 'a' }]);
  });

  it('are masked where a text stands for them that an older version of the flavor took', () => {
    expect(masked(z.strictObject({ password: secret }), 's3cret')).to.equal(hidden);
    expect(masked(z.array(z.strictObject({ password: secret })), { password: 's3cret' })).to.deep.equal({
      password: hidden,
    });
    expect(masked(z.strictObject({ password: secret }), [{ password: 's3cret' }])).to.deep.equal([
      { password: hidden },
    ]);
  });

  it('are named by their paths', () => {
    const [field] = fields(z.array(z.strictObject({ user: z.string(), password: secret })));
    expect(field).to.include({ secret: false });
    expect(field === undefined ? [] : secretPaths(field)).to.deep.equal(['field.*.password']);
  });

  it('are quoted by no message about what is no JSON', async () => {
    const flavor = registry(z.array(z.strictObject({ user: z.string(), password: secret })));
    const text = '[{"user": "ci", "password": s3cret}]';
    for (const parse of [
      () => parseAttributes(flavor, { logins: text }),
      () => parseOverrides(flavor, {}, [{ path: 'logins', value: text }]),
    ]) {
      const error = await failure('INVALID_JSON', parse);
      expect(JSON.stringify(error)).not.to.contain('s3c');
    }
    const numeric = registry(z.array(z.strictObject({ pin: z.number().meta({ secret: true }) })));
    const pin = () => parseOverrides(numeric, { logins: [{ pin: 1 }] }, [{ path: 'logins.0.pin', value: 's3cret' }]);
    expect(JSON.stringify(await failure('INVALID_ATTRIBUTE', pin))).not.to.contain('s3cret');
  });

  describe('of a component', () => {
    const folder = temporaryFolder();
    let slipway: Slipway;
    beforeEach(async () => {
      const flavor = registry(z.array(z.strictObject({ user: z.string(), password: secret })));
      const plugin = definePlugin({ apiVersion: 1, name: 'test', version: '1.0.0', flavors: [flavor] });
      slipway = await createSlipway({ configDirectory: folder(), plugins: [plugin] });
    });

    const register = (password: string) =>
      slipway.components.register({
        type: 'artifact_store',
        flavor: 'test',
        name: 'my.store',
        configuration: { logins: [{ user: "o'brien", password }] },
      });

    it('are warned of in plain text, with the commands that keep them apart', async () => {
      const { warnings } = await register('s3cret');
      expect(warnings.map(({ code, message, fix }) => [code, message, fix])).to.deep.equal([
        [
          'PLAIN_TEXT_SECRET',
          "The logins[0].password of the artifact store 'my.store' is kept as it is, beside what is no secret.",
          `Keep it apart: slipway secret create my-store --logins.0.password && slipway artifact-store update my.store --logins='[{"user":"o'\\''brien","password":"{{my-store.logins.0.password}}"}]'`,
        ],
      ]);
      await slipway.secrets.create('ci', { password: 's3cret' });
      await slipway.components.delete('artifact_store', 'my.store');
      expect((await register('{{ci.password}}')).warnings).to.deep.equal([]);
    });

    it('are in no export, and references to them are', async () => {
      await register('s3cret');
      await slipway.stacks.register('prod', { artifact_store: 'my.store' });
      const { document, warnings } = await slipway.stacks.export('prod');
      expect(JSON.stringify([document, warnings])).not.to.contain('s3cret');
      expect(document.components.artifact_store?.omitted_secrets).to.deep.equal(['logins']);
      expect(warnings.map(({ message }) => message)).to.deep.equal([
        "The logins of the artifact store 'my.store' was left out, as it holds a secret in plain text.",
      ]);
      // What was left out is known here.
      expect((await slipway.stacks.import(document)).components[0]?.outcome).to.equal('reused');
      await slipway.secrets.create('ci', { password: 's3cret' });
      const logins = [{ user: 'ci', password: '{{ci.password}}' }];
      await slipway.components.update('artifact_store', 'my.store', { logins });
      const referring = await slipway.stacks.export('prod');
      expect(referring.warnings).to.deep.equal([]);
      expect(referring.document.components.artifact_store?.configuration).to.deep.equal({ logins });
    });
  });
});

function registry(logins: z.ZodType) {
  return defineFlavor({
    type: 'artifact_store',
    name: 'test',
    description: 'A store for tests.',
    configSchema: z.strictObject({ logins: logins.meta({ description: 'Who may.' }) }),
    implementation: () =>
      Promise.resolve(
        class {
          readonly local = true;
        } as never,
      ),
  });
}
