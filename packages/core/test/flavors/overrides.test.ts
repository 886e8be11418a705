import { expect } from 'chai';
import { z } from 'zod';
import { defineFlavor, type Override, SlipwayError } from '../../src/index.js';
import { parseOverrides } from '../../src/flavors/overrides.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { TestImageBuilder } from '../support/test-image-builder.js';
import { testStack } from '../support/test-stack.js';

const quantity = z.union([z.string(), z.number()]);
const flavor = defineFlavor({
  type: 'image_builder',
  name: 'sample',
  description: 'A sample.',
  configSchema: z.strictObject({
    image: z.string().default('x'),
    timeout: z.int().optional(),
    cache: z.boolean().optional(),
    args: z.array(z.string()).default(['--first']),
    env: z.array(z.strictObject({ name: z.string(), value: z.string().optional() })).default([]),
    resources: z
      .strictObject({
        limits: z.record(z.string(), quantity).optional(),
        requests: z.record(z.string(), quantity).optional(),
      })
      .optional(),
    node_selector: z.record(z.string(), z.string()).default({}),
    template: z.looseObject({ spec: z.looseObject({}).optional() }).optional(),
    token: z.string().optional().meta({ description: 'Hush.', secret: true }),
  }),
  implementation: () => Promise.reject<never>(new Error('not needed')),
});

const set = { resources: { limits: { memory: '1Gi' }, requests: { cpu: '1' } }, env: [{ name: 'A', value: '1' }] };

function overridden(...texts: readonly (readonly [path: string, value: unknown])[]): Record<string, unknown> {
  const overrides = texts.map(([path, value]): Override => ({ path, value }));
  return parseOverrides(flavor, set, overrides);
}

describe('Overrides', () => {
  for (const [what, texts, result] of [
    ['set text', [['image', 'y=1']], { image: 'y=1' }],
    ['set numbers', [['timeout', '60']], { timeout: 60 }],
    ['set switches, by whatever word', [['cache', 'off']], { cache: false }],
    [
      'set a part, and keep what is beside it',
      [['resources.limits.memory', '8Gi']],
      { resources: { limits: { memory: '8Gi' }, requests: { cpu: '1' } } },
    ],
    [
      'take a name with dots for a key',
      [['resources.limits.nvidia.com/gpu', '1']],
      {
        resources: { limits: { memory: '1Gi', 'nvidia.com/gpu': '1' }, requests: { cpu: '1' } },
      },
    ],
    [
      'set labels',
      [['node_selector.kubernetes.io/arch', 'arm64']],
      { node_selector: { 'kubernetes.io/arch': 'arm64' } },
    ],
    ['know hyphens for underscores', [['node-selector.a', 'b']], { node_selector: { a: 'b' } }],
    ['replace objects by JSON', [['resources', '{"limits": {"cpu": 2}}']], { resources: { limits: { cpu: 2 } } }],
    ['replace lists by JSON', [['args', '["--only"]']], { args: ['--only'] }],
    [
      'add to lists',
      [
        ['args', '--second=x'],
        ['args', '--third'],
      ],
      { args: ['--first', '--second=x', '--third'] },
    ],
    [
      'add a variable',
      [['env', 'B=x=y']],
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: 'x=y' },
        ],
      },
    ],
    ['replace a variable of the same name', [['env', 'A=2']], { env: [{ name: 'A', value: '2' }] }],
    [
      'reach an item by number or name',
      [
        ['env.0.value', '2'],
        ['env.A.name', 'C'],
      ],
      { env: [{ name: 'C', value: '2' }] },
    ],
    [
      'build on each other',
      [
        ['resources.limits.cpu', '2'],
        ['resources.limits.cpu', '3'],
      ],
      {
        resources: { limits: { memory: '1Gi', cpu: '3' }, requests: { cpu: '1' } },
      },
    ],
    [
      'take JSON or text where the schema says nothing',
      [
        ['template.spec.suspend', 'true'],
        ['template.spec.name', 'x'],
      ],
      {
        template: { spec: { suspend: true, name: 'x' } },
      },
    ],
    [
      'take data of programs as it is',
      [
        ['env', []],
        ['timeout', 5],
      ],
      { env: [], timeout: 5 },
    ],
  ] as const) {
    it(what, () => {
      const before = structuredClone(set);
      expect(overridden(...texts)).to.deep.equal(result);
      expect(set).to.deep.equal(before);
    });
  }

  for (const [what, path, value, code, said] of [
    ['an attribute that there is not', 'resorces.limits', 'x', 'UNKNOWN_ATTRIBUTE', "Did you mean 'resources'?"],
    ['a part that there is not', 'resources.limit.cpu', '1', 'UNKNOWN_ATTRIBUTE', "Did you mean 'limits'?"],
    ['a part of what has none', 'image.name', 'x', 'UNKNOWN_ATTRIBUTE', "'image' has no part 'name'."],
    ['an item that there is not', 'env.7.value', 'x', 'UNKNOWN_ATTRIBUTE', "'env' has no part '7'."],
    ['text that is no number', 'timeout', 'soon', 'INVALID_ATTRIBUTE', "'timeout' must be a number"],
    ['an object that is no JSON', 'resources.limits', 'x', 'INVALID_JSON', "'resources.limits' is not valid JSON"],
  ] as const) {
    it(`do not take ${what}`, () => {
      try {
        overridden([path, value]);
        expect.fail('nothing was thrown');
      } catch (error) {
        if (!SlipwayError.is(error)) throw error;
        expect(error.code).to.equal(code);
        expect(`${error.message} ${error.reason ?? ''}`).to.include(said);
      }
    });
  }

  const folder = temporaryFolder();

  it('are for one use of an image builder, and stored nowhere', async () => {
    const { slipway } = await testStack(folder(), {});
    const options = { overrides: [{ path: 'timeout', value: '5' }] };
    const builder = (await slipway.imageBuilder('test', options)) as TestImageBuilder;
    expect(builder.configuration).to.deep.equal({ cluster: 'dev', timeout: 5 });
    expect((await slipway.components.get('image_builder', 'it')).configuration).to.deep.equal({ cluster: 'dev' });
    expect(((await slipway.imageBuilder('test')) as TestImageBuilder).configuration['timeout']).to.equal(300);
  });

  it('are validated as an update is', async () => {
    const { slipway } = await testStack(folder(), {});
    const request = { contextDirectory: '.', tags: ['a'] };
    const build = (path: string, value: unknown) =>
      slipway.build(request, { stack: 'test', overrides: [{ path, value }] });
    await failure('INVALID_ATTRIBUTE', () => build('timeout', '-1'));
    await failure('UNKNOWN_ATTRIBUTE', () => build('timeot', '1'));
    await build('timeout', '1');
  });
});
