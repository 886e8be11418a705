import { expect } from 'chai';
import * as z from 'zod/mini';
import {
  configurationFields,
  defineFlavor,
  parseAttributes,
  validateConfiguration,
  withJsonSchema,
} from '../../src/index.js';
import { checkPlugin } from '../../src/plugins/check-plugin.js';
import { failure } from '../support/failures.js';

const configSchema = withJsonSchema(
  z.strictObject({
    host: z.string().check(z.minLength(1)).register(z.globalRegistry, { description: 'Where it is.', example: 'h' }),
    retries: z._default(z.int(), 3).register(z.globalRegistry, { description: 'How often to try.' }),
    token: z.optional(z.string()).register(z.globalRegistry, { description: 'Lets in.', secret: true }),
  }),
  z.toJSONSchema,
);

describe('A flavor with a schema of zod/mini', () => {
  const flavor = defineFlavor({
    type: 'image_builder',
    name: 'mini',
    description: 'Has a small schema.',
    configSchema,
    implementation: () => Promise.reject<never>(new Error('is never loaded')),
  });

  it('describes its fields', () => {
    expect(configurationFields(configSchema)).to.deep.equal([
      {
        ...{ name: 'host', type: 'string', required: true, description: 'Where it is.' },
        ...{ secret: false, example: 'h', deprecated: false },
      },
      {
        ...{ name: 'retries', type: 'integer', required: false, description: 'How often to try.', default: 3 },
        ...{ secret: false, deprecated: false },
      },
      { name: 'token', type: 'string', required: false, description: 'Lets in.', secret: true, deprecated: false },
    ]);
  });

  it('reads and validates as any other', async () => {
    const configuration = parseAttributes(flavor, { host: 'h', retries: '5' });
    expect(validateConfiguration(flavor, configuration)).to.deep.equal({ host: 'h', retries: 5 });
    expect(validateConfiguration(flavor, { host: 'h' })).to.deep.equal({ host: 'h', retries: 3 });
    const missing = await failure('MISSING_ATTRIBUTE', () => validateConfiguration(flavor, {}));
    expect(missing.message).to.equal("The flavor 'mini' needs 'host'.");
    const wrong = await failure('INVALID_ATTRIBUTE', () =>
      validateConfiguration(flavor, { host: 'h', retries: 'often' }),
    );
    expect(wrong.message).to.equal("The value of 'retries' is not valid: must be a number.");
  });

  it('is taken from a plugin, and without its JSON schema refused', () => {
    const plugin = { apiVersion: 1, name: 'p', version: '1.0.0', flavors: [flavor] };
    expect(checkPlugin(plugin)).to.equal(plugin);
    const bare = { ...flavor, configSchema: z.strictObject({}) };
    expect(() => checkPlugin({ ...plugin, flavors: [bare] })).to.throw('must be an object schema of zod 4.2 or newer');
  });
});
