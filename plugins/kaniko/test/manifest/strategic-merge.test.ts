import { expect } from 'chai';
import { strategicMerge } from '../../src/manifest/strategic-merge.js';

describe('strategicMerge', () => {
  const base = {
    spec: {
      paused: false,
      containers: [{ name: 'kaniko', image: 'k', env: [{ name: 'A', value: '1' }], args: ['--a'] }],
      tolerations: [{ key: 'old' }],
    },
  };

  for (const [what, patch, result] of [
    ['sets fields', { spec: { hostUsers: false } }, { ...base.spec, hostUsers: false }],
    ['removes what is null', { spec: { paused: null, tolerations: null } }, { containers: base.spec.containers }],
    [
      'merges containers and their variables by name',
      {
        spec: {
          containers: [
            {
              name: 'kaniko',
              env: [
                { name: 'B', value: '2' },
                { name: 'A', value: '0' },
              ],
            },
          ],
        },
      },
      {
        ...base.spec,
        containers: [
          {
            name: 'kaniko',
            image: 'k',
            env: [
              { name: 'A', value: '0' },
              { name: 'B', value: '2' },
            ],
            args: ['--a'],
          },
        ],
      },
    ],
    [
      'adds containers of other names',
      { spec: { containers: [{ name: 'other' }] } },
      { ...base.spec, containers: [...base.spec.containers, { name: 'other' }] },
    ],
    ['replaces lists of things without names', { spec: { tolerations: [] } }, { ...base.spec, tolerations: [] }],
  ] as const) {
    it(what, () => {
      const before = structuredClone(base);
      expect(strategicMerge(base, patch)).to.deep.equal({ spec: result });
      expect(base).to.deep.equal(before);
    });
  }
});
