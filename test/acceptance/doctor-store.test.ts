import { expect } from 'chai';
import { Workspace } from '../support/workspace.js';

describe('slipway doctor store', () => {
  let workspace: Workspace;

  before(async () => {
    workspace = await Workspace.create();
    await workspace.setUp(
      ['artifact-store', 'register', 'one', '-f', 'local'],
      ['artifact-store', 'register', 'two', '-f', 'local'],
    );
  });
  after(() => workspace.remove());

  it('finds a broken store, and goes back to what was kept before the last change', async () => {
    expect((await workspace.slipway('doctor', 'store')).exitCode).to.equal(0);
    await workspace.file('config/store.json', '{"version": ');
    const [check, list] = await Promise.all([
      workspace.slipway('doctor', 'store', '-o', 'json'),
      workspace.slipway('artifact-store', 'list'),
    ]);
    expect(check.exitCode).to.equal(1);
    expect((JSON.parse(check.stdout) as { items: object[] }).items[0]).to.deep.include({
      component: 'store',
      outcome: 'failure',
      code: 'STORE_BROKEN',
      fix: 'slipway doctor store --repair',
    });
    expect(list.stderr).to.include('Code: STORE_BROKEN').and.to.include('slipway doctor store --repair');
    const repair = await workspace.slipway('doctor', 'store', '--repair');
    expect(repair.exitCode).to.equal(0);
    expect((await workspace.slipway('artifact-store', 'list', '-o', 'name')).stdout).to.equal('default\none\n');
  });
});
