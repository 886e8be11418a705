import { expect } from 'chai';
import { z } from 'zod';
import { configurationFields, maskSecrets } from '../../src/index.js';

describe('The fields of a configuration', () => {
  const member = z.strictObject({ name: z.string() });
  const types: readonly [string, z.ZodType, string][] = [
    ['a string', z.string(), 'string'],
    ['an optional string', z.string().optional(), 'string'],
    ['a nullable boolean', z.boolean().nullable(), 'boolean'],
    ['a boolean with a default', z.boolean().default(true), 'boolean'],
    ['a whole number', z.int(), 'integer'],
    ['an optional number within bounds', z.number().min(0).max(1).optional(), 'number'],
    ['one of some words', z.enum(['a', 'b']), 'string'],
    ['one number', z.literal(3), 'number'],
    ['a list of objects', z.array(member), 'list'],
    ['an optional list', z.array(z.string()).optional(), 'list'],
    ['a list after preprocessing', z.preprocess((value) => value, z.array(z.string())), 'list'],
    ['an object', member, 'object'],
    ['a record', z.record(z.string(), z.string()), 'object'],
    ['an object with an id of its own', member.meta({ id: 'Member' }), 'object'],
    ['a union, by its first member', z.union([member, z.string()]), 'object'],
    ['a union of null and a list', z.union([z.null(), z.array(z.string())]), 'list'],
    ['a discriminated union', z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('a') })]), 'object'],
    ['a string that is transformed into a number', z.string().transform(Number), 'string'],
  ];
  for (const [title, schema, expected] of types) {
    it(`say that ${title} is of type ${expected}`, () => {
      const [field] = configurationFields(z.strictObject({ field: schema }));
      expect(field?.type).to.equal(expected);
    });
  }

  it('come in the order of the schema, with what it says about each', () => {
    const schema = z.strictObject({
      uri: z.string().meta({ description: 'Where.', example: 'ghcr.io/acme' }),
      retries: z.int().default(3).meta({ description: 'How often.' }),
      password: z.string().meta({ description: 'Secret.', secret: true, deprecated: true }).optional(),
    });
    expect(configurationFields(schema)).to.deep.equal([
      {
        name: 'uri',
        type: 'string',
        required: true,
        description: 'Where.',
        secret: false,
        example: 'ghcr.io/acme',
        deprecated: false,
      },
      {
        name: 'retries',
        type: 'integer',
        required: false,
        description: 'How often.',
        default: 3,
        secret: false,
        deprecated: false,
      },
      {
        name: 'password',
        type: 'string',
        required: false,
        description: 'Secret.',
        secret: true,
        deprecated: true,
      },
    ]);
  });

  it('tell which values to mask, whatever they are', () => {
    const schema = z.strictObject({
      plain: z.string(),
      text: z.string().meta({ description: '', secret: true }),
      list: z.array(z.string()).optional().meta({ description: '', secret: true }),
    });
    const masked = maskSecrets(configurationFields(schema), { plain: 'a', text: 's3cret', list: ['s3cret'], gone: 1 });
    expect(masked).to.deep.equal({ plain: 'a', text: '********', list: '********', gone: 1 });
  });

  it('show a reference to a secret, which is none itself, unless there is more', () => {
    const schema = z.strictObject({ text: z.string().meta({ description: '', secret: true }) });
    const shown = (text: string) => maskSecrets(configurationFields(schema), { text })['text'];
    expect(shown('{{registry.password}}')).to.equal('{{registry.password}}');
    expect(shown('{{ registry.password }}')).to.equal('{{ registry.password }}');
    expect(shown('s3cret{{registry.password}}')).to.equal('********');
    expect(shown('{{registry}}')).to.equal('********');
  });
});
