import { expect } from 'chai';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Workspace } from '../support/workspace.js';

const registerComponents = fileURLToPath(new URL('../support/register-components.js', import.meta.url));

describe('The store, from the command line', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await Workspace.create();
  });
  afterEach(() => workspace.remove());

  it('keeps all 200 components that 8 processes register at once', async function () {
    this.timeout(120_000);
    const processes = Array.from({ length: 8 }, (_, number) =>
      workspace.run([registerComponents, `process-${number}`, '25']),
    );
    for (const { stderr, exitCode } of await Promise.all(processes)) {
      expect(stderr).not.to.include('Error');
      expect(exitCode).to.equal(0);
    }
    const { stdout } = await workspace.slipway('artifact-store', 'list', '-o', 'json');
    const names = (JSON.parse(stdout) as { items: { name: string }[] }).items.map(({ name }) => name);
    const expected = Array.from({ length: 200 }, (_, number) => `process-${number % 8}-${Math.floor(number / 8) + 1}`);
    expect(names).to.have.members(['default', ...expected]);
  });

  it('is where SLIPWAY_CONFIG_DIR says, and readable for its owner alone', async () => {
    await workspace.setUp(['artifact-store', 'register', 'mine', '--flavor=local']);
    expect((await stat(workspace.storePath)).mode & 0o777).to.equal(0o600);
    expect((await stat(workspace.configDirectory)).mode & 0o777).to.equal(0o700);
  });

  it('is not made by commands that only read', async () => {
    await workspace.setUp(['stack', 'list'], ['artifact-store', 'describe'], ['flavor', 'list']);
    expect(await workspace.storeText()).to.equal('');
  });

  it('is left as it is where it is broken, and the failure names it', async () => {
    await workspace.setUp(['artifact-store', 'register', 'mine', '--flavor=local']);
    await workspace.file('config/store.json', '{"version": 1,');
    const { stderr, exitCode } = await workspace.slipway('artifact-store', 'register', 'more', '--flavor=local');
    expect(stderr).to.include(workspace.storePath).and.to.include('Code: STORE_BROKEN');
    expect(exitCode).to.equal(1);
    expect(await workspace.storeText()).to.equal('{"version": 1,');
  });

  it('is looked at and mended by the doctor, who goes back to what was before the last change', async () => {
    await workspace.setUp(
      ['artifact-store', 'register', 'one', '--flavor=local'],
      ['artifact-store', 'register', 'two', '--flavor=local'],
      ['doctor', 'store'],
    );
    await workspace.file('config/store.json', '{"version": 2,');
    const found = await workspace.slipway('doctor', 'store');
    expect(found.stdout).to.include(workspace.storePath).and.to.include('Fix: slipway doctor store --repair');
    expect(found.exitCode).to.equal(1);
    const mended = await workspace.slipway('doctor', 'store', '--repair');
    expect(mended.exitCode).to.equal(0);
    expect(mended.stderr).to.include('the broken one is kept as');
    const { stdout } = await workspace.slipway('artifact-store', 'list', '-o', 'json');
    expect(stdout).to.include('"one"').and.not.to.include('"two"');
  });
});
