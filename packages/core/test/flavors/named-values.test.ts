import { expect } from 'chai';
import { z } from 'zod';
import { parseAttributes, type TextAttributes } from '../../src/flavors/attributes.js';
import { configurationFields } from '../../src/flavors/configuration-fields.js';
import { defineFlavor } from '../../src/flavors/flavor.js';
import { failure } from '../support/failures.js';

const variable = z.strictObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z.strictObject({ key: z.string() }).optional(),
});
const schema = z.strictObject({
  env: z.array(variable).default([]),
  nullable: z.array(variable).nullable().optional(),
  volumes: z.array(z.strictObject({ name: z.string(), path: z.string() })).optional(),
  mounts: z.array(z.strictObject({ name: z.string(), value: z.string(), more: z.string() })).optional(),
  numbers: z.array(z.strictObject({ name: z.string(), value: z.number() })).optional(),
  words: z.array(z.string()).optional(),
});
const flavor = defineFlavor({
  type: 'artifact_store',
  name: 'test',
  description: 'For tests.',
  configSchema: schema,
  implementation: () => Promise.reject<never>(new Error('is never loaded')),
});
const parse = (attributes: TextAttributes, before?: Record<string, unknown>) =>
  parseAttributes(flavor, attributes, before);

describe('A list of names and values', () => {
  it('is told from its schema: a name and a value are texts and enough', () => {
    const fields = configurationFields(schema).filter(({ namedValues }) => namedValues);
    expect(fields.map(({ name }) => name)).to.deep.equal(['env', 'nullable']);
  });

  it('is written as NAME=VALUE, once or several times, or as JSON', () => {
    const expected = { env: [{ name: 'A', value: 'b=c' }] };
    expect(parse({ env: 'A=b=c' })).to.deep.equal(expected);
    expect(parse({ env: ' [{"name": "A", "value": "b=c"}]' })).to.deep.equal(expected);
    expect(parse({ env: ['A=1', 'B='] })).to.deep.equal({
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '' },
      ],
    });
  });

  it('keeps the others in an update, replaces in place, and loses what is NAME=', () => {
    const source = { name: 'S', valueFrom: { key: 'k' } };
    const before = { env: [{ name: 'A', value: '1' }, source, { name: 'B', value: '2' }] };
    expect(parse({ env: ['A=3', 'B=', 'C=4'] }, before)).to.deep.equal({
      env: [{ name: 'A', value: '3' }, source, { name: 'C', value: '4' }],
    });
    expect(parse({ env: '[]' }, before)).to.deep.equal({ env: [] });
    expect(before.env).to.have.length(3);
  });

  const wrong: readonly [attributes: TextAttributes, before: Record<string, unknown> | undefined, code: string][] = [
    [{ env: 'A' }, undefined, 'INVALID_ATTRIBUTE'],
    [{ env: '=A' }, undefined, 'INVALID_ATTRIBUTE'],
    [{ env: '{"name": "A"}' }, undefined, 'INVALID_ATTRIBUTE'],
    [{ env: ['A=1', 'A=2'] }, undefined, 'REPEATED_ATTRIBUTE'],
    [{ env: ['A=1', '[]'] }, undefined, 'REPEATED_ATTRIBUTE'],
    [{ words: ['["a"]', '["b"]'] }, undefined, 'REPEATED_ATTRIBUTE'],
    [{ env: 'A=' }, { env: [{ name: 'B', value: '2' }] }, 'ATTRIBUTE_NOT_SET'],
    [{ env: 'A=' }, {}, 'ATTRIBUTE_NOT_SET'],
  ];
  for (const [attributes, before, code] of wrong) {
    const where = before === undefined ? '' : ` in ${JSON.stringify(before)}`;
    it(`is refused with ${code}: ${JSON.stringify(attributes)}${where}`, async () => {
      await failure(code, () => parse(attributes, before));
    });
  }

  it('quotes no value where it is refused, which may be half a secret', async () => {
    expect(JSON.stringify(await failure('INVALID_ATTRIBUTE', () => parse({ env: 's3cret' })))).not.to.include('s3cret');
  });
});
