import { expect } from 'chai';
import { z } from 'zod';
import { defineFlavor, unknownFieldMessage, validateConfiguration } from '../../src/index.js';
import { failure } from '../support/failures.js';

const source = z.strictObject(
  { secret: z.string(), optional: z.boolean().optional() },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? unknownFieldMessage(['secret', 'optional'])(issue) : undefined,
  },
);

const flavor = defineFlavor({
  type: 'image_builder',
  name: 'sample',
  description: 'Has nested fields.',
  configSchema: z
    .strictObject({
      cluster: z.string(),
      region: z.string(),
      timeout: z.int().positive().default(300),
      password: z.string().min(12).optional(),
      env: z.array(z.strictObject({ name: z.string(), value: z.string().optional() })).optional(),
      labels: z.record(z.string(), z.string()).optional(),
      volume: z.union([z.string(), z.strictObject({ from: source })]).optional(),
    })
    .superRefine(({ cluster, region }, context) => {
      if (cluster === region) context.addIssue('cluster and region must differ');
    }),
  implementation: () => Promise.reject<never>(new Error('is never loaded to validate')),
});
const required = { cluster: 'dev', region: 'north' };

describe('A configuration', () => {
  it('that fits is returned with defaults', () => {
    expect(validateConfiguration(flavor, required)).to.deep.equal({ ...required, timeout: 300 });
  });

  it('that lacks several attributes is refused with all of them', async () => {
    const error = await failure('MISSING_ATTRIBUTE', () => validateConfiguration(flavor, { timeout: 1 }));
    expect(error.message).to.equal("The flavor 'sample' needs 'cluster' and 'region'.");
    expect(error.fix).to.equal('Add --cluster=STRING --region=STRING');
  });

  it('with an unknown attribute is refused with the nearest, whatever else is wrong', async () => {
    const error = await failure('UNKNOWN_ATTRIBUTE', () =>
      validateConfiguration(flavor, { clustr: 'dev', timeout: '' }),
    );
    expect(error.reason).to.equal("Did you mean 'cluster'?");
  });

  const refused: readonly [string, Record<string, unknown>, string][] = [
    ['a wrong type', { timeout: '5' }, "The value of 'timeout' is not valid: must be a number."],
    ['a fraction', { timeout: 1.5 }, "The value of 'timeout' is not valid: must be a whole number."],
    ['text instead of a list', { env: 'A=b' }, "The value of 'env' is not valid: must be a list."],
    ['a list instead of a record', { labels: [] }, "The value of 'labels' is not valid: must be an object."],
    ['a nested field missing', { env: [{ name: 'A' }, {}] }, "The value of 'env' is not valid: [1].name is missing."],
    ['a nested wrong type', { env: [{ name: 1 }] }, "The value of 'env' is not valid: [0].name must be a string."],
    [
      'a nested unknown field',
      { env: [{ name: 'A', vlaue: 'b' }] },
      "The value of 'env' is not valid: [0] unknown field 'vlaue'.",
    ],
    ['no member of a union', { volume: 3 }, "The value of 'volume' is not valid: must be a string or an object."],
    [
      'nearly a member of a union',
      { volume: { from: { secret: 1 } } },
      "The value of 'volume' is not valid: from.secret must be a string.",
    ],
    [
      'a member of a union with an unknown field',
      { volume: { from: { secret: 'a' }, form: 1 } },
      "The value of 'volume' is not valid: unknown field 'form'.",
    ],
    [
      'fields that do not go together',
      { region: 'dev' },
      'The configuration is not valid: cluster and region must differ.',
    ],
    [
      'several wrong values',
      { timeout: '5', env: {} },
      "The value of 'timeout' is not valid: must be a number.\nThe value of 'env' is not valid: must be a list.",
    ],
  ];
  for (const [title, change, message] of refused) {
    it(`with ${title} is refused with the place and the demand`, async () => {
      const error = await failure('INVALID_ATTRIBUTE', () => validateConfiguration(flavor, { ...required, ...change }));
      expect(error.message).to.equal(message);
      expect(error.fix).to.equal('slipway flavor describe sample');
    });
  }

  it('is never quoted', async () => {
    const error = await failure('INVALID_ATTRIBUTE', () =>
      validateConfiguration(flavor, { ...required, password: 's3cret', timeout: 's3cret' }),
    );
    expect(JSON.stringify(error)).not.to.contain('s3cret');
  });

  it('may name nested fields that were probably meant', () => {
    const message = unknownFieldMessage(['mountPath', 'name']);
    expect(message({ keys: ['mountpth', 'zzz'] })).to.equal(
      "unknown field 'mountpth', did you mean 'mountPath'; unknown field 'zzz'",
    );
  });
});
