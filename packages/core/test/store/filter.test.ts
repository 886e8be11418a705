import { expect } from 'chai';
import { type ComponentFilter, createSlipway, type Slipway, type StackFilter } from '../../src/index.js';
import { failure } from '../support/failures.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { testPlugin } from '../support/test-plugin.js';

describe('Lists', () => {
  const folder = temporaryFolder();
  let slipway: Slipway;
  beforeEach(async () => {
    slipway = await createSlipway({ configDirectory: folder(), plugins: [testPlugin().plugin] });
    const builder = { type: 'image_builder', flavor: 'strict', configuration: { cluster: 'dev' } } as const;
    await slipway.components.register({ ...builder, name: 'kaniko-prod', labels: { team: 'payments', tier: '1' } });
    await slipway.components.register({ ...builder, name: 'kaniko-dev', labels: { team: 'billing' } });
    await slipway.components.register({ ...builder, name: 'other', flavor: 'needy', configuration: {} });
    await slipway.stacks.register('prod', { image_builder: 'kaniko-prod' }, { labels: { env: 'live' } });
    await slipway.stacks.register('staging', { image_builder: 'kaniko-dev', artifact_store: 'default' });
  });

  const builders = async (filter: ComponentFilter): Promise<string[]> =>
    (await slipway.components.list('image_builder', filter)).map(({ name }) => name);
  const stacks = async (filter: StackFilter): Promise<string[]> =>
    (await slipway.stacks.list(filter)).map(({ name }) => name);

  it('have all there is, in the order of registration', async () => {
    expect(await builders({})).to.deep.equal(['kaniko-prod', 'kaniko-dev', 'other']);
    expect(await stacks({})).to.deep.equal(['default', 'prod', 'staging']);
    expect(await slipway.components.list()).to.have.length(4);
  });

  for (const [name, found] of [
    ['other', ['other']],
    ['othe', []],
    ['equals:other', ['other']],
    ['notequals:other', ['kaniko-prod', 'kaniko-dev']],
    ['contains:prod', ['kaniko-prod']],
    ['startswith:kaniko', ['kaniko-prod', 'kaniko-dev']],
    ['endswith:-dev', ['kaniko-dev']],
    ['oneof:["other", "kaniko-dev"]', ['kaniko-dev', 'other']],
  ] as const) {
    it(`take the condition name=${name}`, async () => {
      expect(await builders({ name })).to.deep.equal(found);
    });
  }

  it('have components by flavor, and by the stacks that have them', async () => {
    expect(await builders({ flavor: 'strict', name: 'contains:dev' })).to.deep.equal(['kaniko-dev']);
    expect(await builders({ stack: 'prod' })).to.deep.equal(['kaniko-prod']);
    expect(await builders({ stack: 'contains:x' })).to.deep.equal([]);
  });

  it('have stacks by their components', async () => {
    expect(await stacks({ components: { image_builder: 'startswith:kaniko' } })).to.deep.equal(['prod', 'staging']);
    expect(await stacks({ components: { image_builder: 'kaniko-dev', artifact_store: 'default' } })).to.deep.equal([
      'staging',
    ]);
  });

  it('are filtered by labels: a key, its value, or a condition on it, and all must hold', async () => {
    expect(await builders({ labels: ['team'] })).to.deep.equal(['kaniko-prod', 'kaniko-dev']);
    expect(await builders({ labels: ['team=billing'] })).to.deep.equal(['kaniko-dev']);
    expect(await builders({ labels: ['team=startswith:p', 'tier=1'] })).to.deep.equal(['kaniko-prod']);
    expect(await builders({ labels: ['constructor'] })).to.deep.equal([]);
    expect(await stacks({ labels: ['env=live'] })).to.deep.equal(['prod']);
  });

  it('are filtered by time', async () => {
    expect(await stacks({ created: 'gte:2026-01-01' })).to.have.length(3);
    expect(await stacks({ created: 'lt:2026-01-01 12:00:00' })).to.deep.equal([]);
    expect(await stacks({ updated: 'gt:2999-01-01T00:00:00Z' })).to.deep.equal([]);
  });

  it('are sorted, up and down', async () => {
    expect(await builders({ sortBy: 'name' })).to.deep.equal(['kaniko-dev', 'kaniko-prod', 'other']);
    expect(await builders({ sortBy: 'desc:name' })).to.deep.equal(['other', 'kaniko-prod', 'kaniko-dev']);
    expect((await builders({ sortBy: 'flavor' }))[0]).to.equal('other');
    expect(await stacks({ sortBy: 'desc:name' })).to.deep.equal(['staging', 'prod', 'default']);
  });

  for (const [filter, reason] of [
    [{ name: 'contain:x' }, "Did you mean 'contains:'?"],
    [{ name: 'oneof:a,b' }, 'JSON'],
    [{ created: '2026-01-01' }, 'gte:2026-01-31'],
    [{ created: 'gte:yesterday' }, "'yesterday' is not a date"],
    [{ labels: ['=x'] }, 'KEY=VALUE'],
    [{ sortBy: 'nam' }, "Did you mean 'name'?"],
  ] as const) {
    it(`refuse ${JSON.stringify(filter)}, and say why`, async () => {
      const error = await failure('INVALID_FILTER', () => builders(filter));
      expect(error.reason).to.contain(reason);
    });
  }
});
