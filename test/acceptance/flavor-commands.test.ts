import { expect } from 'chai';
import { Workspace } from '../support/workspace.js';

interface Listed {
  readonly items: readonly { readonly name: string; readonly type: string; readonly plugin: string }[];
}

describe('Commands of flavors', () => {
  let workspace: Workspace;
  const slipway = (...args: readonly string[]) => workspace.slipway(...args);
  const listed = async (...args: readonly string[]) =>
    (JSON.parse((await slipway(...args, '-o', 'json')).stdout) as Listed).items.map(
      ({ type, name }) => `${type}/${name}`,
    );

  before(async () => {
    workspace = await Workspace.create();
  });
  after(() => workspace.remove());

  it('list those of core and of the plugins that come with Slipway', async () => {
    expect(await listed('flavor', 'list')).to.include.members([
      'container_registry/default',
      'artifact_store/local',
      'image_builder/kaniko',
    ]);
  });

  it('list those of one type, under either spelling, and as a command of the type', async () => {
    const expected = ['artifact_store/local'];
    expect(await listed('flavor', 'list', '--type=artifact-store')).to.deep.equal(expected);
    expect(await listed('flavor', 'list', '--type', 'artifact_store')).to.deep.equal(expected);
    expect(await listed('artifact-store', 'flavor', 'list')).to.deep.equal(expected);
  });

  it('describe the attributes of one', async () => {
    const { stdout, stderr, exitCode } = await slipway('flavor', 'describe', 'local');
    expect({ stderr, exitCode }).to.deep.equal({ stderr: '', exitCode: 0 });
    expect(stdout).to.match(/^Name: +local\nType: +artifact store\nPlugin: +@slipway\/core\nAbout: +A folder/);
    expect(stdout).to.match(/^path +string +- +A folder of this machine.*E\.g\. \/var\/lib\/artifacts$/m);
    expect((await slipway('artifact-store', 'flavor', 'describe', 'local')).stdout).to.equal(stdout);
  });

  it('say which attributes are required and which are never shown', async () => {
    const { stdout } = await slipway('flavor', 'describe', 'default', '--type=container-registry');
    expect(stdout).to.match(/^uri +string +required/m);
    expect(stdout).to.match(/^password .*Never shown\./m);
  });
});
