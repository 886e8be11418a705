import { expect } from 'chai';
import { z } from 'zod';
import { attributeName, defineFlavor, isBooleanWord, parseAttributes } from '../../src/index.js';
import { failure } from '../support/failures.js';

const flavor = defineFlavor({
  type: 'image_builder',
  name: 'sample',
  description: 'Has a field of each type.',
  configSchema: z.strictObject({
    kubernetes_context: z.string(),
    enabled: z.boolean().optional(),
    count: z.int().optional(),
    share: z.number().optional(),
    env: z.array(z.unknown()).optional().meta({ description: 'Variables.', example: '[{"name": "A", "value": "b"}]' }),
    labels: z.record(z.string(), z.string()).optional(),
    keys: z.array(z.string()).optional().meta({ description: 'Keys.', secret: true }),
    token: z.string().optional().meta({ description: 'Token.', secret: true }),
  }),
  implementation: () => Promise.reject<never>(new Error('is never loaded to parse attributes')),
});

describe('Attributes as a person gives them', () => {
  const values: readonly [string, string, unknown][] = [
    ['kubernetes_context', 'dev', 'dev'],
    ['kubernetes_context', 'true', 'true'],
    ['kubernetes_context', '', ''],
    ['enabled', 'True', true],
    ['enabled', 'false', false],
    ['enabled', 'FALSE', false],
    ['enabled', 'yes', true],
    ['enabled', '0', false],
    ['count', '-12', -12],
    ['share', '0.5', 0.5],
    ['env', '[{"name": "A"}]', [{ name: 'A' }]],
    ['labels', '{"a": "b"}', { a: 'b' }],
  ];
  for (const [name, text, value] of values) {
    it(`become values: ${name}=${text}`, () => {
      expect(parseAttributes(flavor, { [name]: text })).to.deep.equal({ [name]: value });
    });
  }

  it('may be written with hyphens', () => {
    expect(parseAttributes(flavor, { 'kubernetes-context': 'dev' })).to.deep.equal({ kubernetes_context: 'dev' });
    expect(attributeName('store-context-in-artifact-store')).to.equal('store_context_in_artifact_store');
  });

  it('are refused where the flavor has none of that name, with the nearest', async () => {
    const error = await failure('UNKNOWN_ATTRIBUTE', () => parseAttributes(flavor, { 'kubernetes-contxt': 'dev' }));
    expect(error.message).to.equal("The flavor 'sample' has no attribute 'kubernetes-contxt'.");
    expect(error.reason).to.equal("Did you mean 'kubernetes_context'?");
    expect(error.fix).to.equal('slipway flavor describe sample');
    expect(error.exitCode).to.equal(2);
  });

  for (const [name, text] of [
    ['enabled', 'maybe'],
    ['enabled', 'constructor'],
    ['enabled', ''],
    ['count', 'many'],
    ['count', ' '],
    ['share', '1,5'],
  ] as const) {
    it(`are refused where the text is no such value: ${name}=${text}`, async () => {
      const error = await failure('INVALID_ATTRIBUTE', () => parseAttributes(flavor, { [name]: text }));
      expect(error.message).to.contain(`'${name}'`);
    });
  }

  it('say where JSON is wrong, and how to write it', async () => {
    const error = await failure('INVALID_JSON', () => parseAttributes(flavor, { env: '[{name: A}]' }));
    expect(error.reason).to.contain('JSON');
    expect(error.fix).to.contain(`--env='[{"name": "A", "value": "b"}]'`).and.to.contain('--env=@FILE');
  });

  it('are not quoted where they are secret', async () => {
    const error = await failure('INVALID_JSON', () => parseAttributes(flavor, { keys: 's3cret' }));
    expect(JSON.stringify(error)).not.to.contain('s3cret');
    expect(error.cause).to.equal(undefined);
  });

  it('have no line end where they are a secret of one line, as a file has', () => {
    expect(parseAttributes(flavor, { token: 's3cret\n' })).to.deep.equal({ token: 's3cret' });
  });

  it('have few words for a boolean', () => {
    for (const word of ['true', 'False', 'ON', 'off', 'Yes', 'no', '1', '0'])
      expect(isBooleanWord(word)).to.equal(true);
    for (const word of ['', 'ja', 'constructor', '2']) expect(isBooleanWord(word)).to.equal(false);
  });
});
