import { expect } from 'chai';
import { Workspace } from '../support/workspace.js';

describe('Commands of stacks', () => {
  let workspace: Workspace;
  const slipway = (...args: readonly string[]) => workspace.slipway(...args);

  beforeEach(async () => {
    workspace = await Workspace.create();
  });
  afterEach(() => workspace.remove());

  it('find a stack in a fresh installation that builds from files and keeps artifacts here', async () => {
    expect(await slipway('stack', 'list')).to.deep.equal({
      stdout:
        '   NAME     IMAGE BUILDER  CONTAINER REGISTRY  ARTIFACT STORE\n*  default  default        -                   default\n',
      stderr: '',
      exitCode: 0,
    });
    expect(await workspace.storeText()).to.equal('');
  });

  it('register, activate, show, change and delete a stack', async () => {
    await workspace.setUp(
      ['container-registry', 'register', 'reg', '--flavor=default', '--uri=ghcr.io/acme'],
      ['container-registry', 'register', 'other', '--flavor=default', '--uri=ghcr.io/other'],
    );
    expect(await slipway('stack', 'register', 'prod', '--container_registry', 'reg')).to.deep.equal({
      stdout: '',
      stderr: "Registered the stack 'prod'.\n",
      exitCode: 0,
    });
    expect((await slipway('stack', 'get')).stdout).to.equal('default\n');
    expect(await slipway('stack', 'set', 'prod')).to.deep.equal({
      stdout: '',
      stderr: "The stack 'prod' is active now.\n",
      exitCode: 0,
    });
    expect(await slipway('stack', 'get')).to.deep.equal({
      stdout: 'prod\n',
      stderr: 'From your setting.\n',
      exitCode: 0,
    });
    expect((await slipway('stack', 'update', '-c', 'other', '-adefault')).stderr).to.equal(
      "Updated the stack 'prod':\n  container registry: reg → other\n  artifact store: - → default\n",
    );
    expect((await slipway('stack', 'describe')).stdout).to.equal(
      [
        'Name:    prod',
        'Active:  yes',
        '',
        'TYPE                COMPONENT  FLAVOR',
        'image builder       -          -',
        'container registry  other      default',
        'artifact store      default    local',
        '',
      ].join('\n'),
    );
    expect((await slipway('stack', 'set', 'default')).exitCode).to.equal(0);
    expect(await slipway('stack', 'delete', 'prod')).to.deep.equal({
      stdout: '',
      stderr: "Deleted the stack 'prod'.\n",
      exitCode: 0,
    });
  });

  it('list and describe with the same JSON', async () => {
    const described = JSON.parse((await slipway('stack', 'describe', '-o', 'json')).stdout) as Record<string, unknown>;
    expect(described).to.deep.include({
      name: 'default',
      active: true,
      components: {
        artifact_store: { name: 'default', flavor: 'local' },
        image_builder: { name: 'default', flavor: 'direct' },
      },
    });
    const listed = JSON.parse((await slipway('stack', 'list', '-o', 'json')).stdout) as { items: object[] };
    expect(listed.items).to.have.length(1);
    expect(['version', ...Object.keys(listed.items[0] ?? {})]).to.deep.equal(Object.keys(described));
  });
});
